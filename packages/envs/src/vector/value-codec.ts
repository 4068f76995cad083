import {
  allocate,
  type Box,
  type BoxArray,
  type DataType,
  type Dict,
  dataTypeOf,
  isBox,
  isDict,
  isDiscrete,
  isMultiDiscrete,
  isNumericArray,
  requireForm,
  type Space,
  SpaceMismatchError,
  showValue,
} from '@maxent/core';

/**
 * Stores values of a space as a fixed number of doubles, in memory that threads share. Unlike the space's flat form, it
 * returns exactly what was stored: a Box's array keeps its precision, and an index takes one number instead of a
 * one-hot block.
 */
export interface ValueCodec<T> {
  readonly width: number;
  /** Throws SpaceMismatchError for a value that does not have the space's form. */
  write(value: T, slots: Float64Array, offset: number): void;
  read(slots: Float64Array, offset: number): T;
}

/** Throws SpaceMismatchError for a kind of space that it does not know. */
// biome-ignore lint/suspicious/noExplicitAny: spaces of unrelated value types.
export function codecFor(space: Space<any>): ValueCodec<any> {
  if (isBox(space)) return boxCodec(space);
  if (isDiscrete(space)) {
    return {
      width: 1,
      write: (value: number, slots, offset) => {
        requireForm(space, value);
        slots[offset] = value;
      },
      read: (slots, offset) => slots[offset]!,
    };
  }
  if (isMultiDiscrete(space)) {
    const width = space.counts.length;
    return {
      width,
      write: (value: Int32Array, slots, offset) => {
        requireForm(space, value);
        slots.set(value, offset);
      },
      read: (slots, offset) => Int32Array.from(slots.subarray(offset, offset + width)),
    };
  }
  if (isDict(space)) return dictCodec(space);
  throw new SpaceMismatchError(
    `expected a Box, Discrete, MultiDiscrete or Dict, which threads can share, got ${space.toString()}`,
  );
}

/** A double holds every number of these types exactly, including the bytes of an image. */
const DATA_TYPES: readonly DataType[] = ['float32', 'float64', 'int32', 'uint32', 'uint8'];

/** Up to this length, a loop copies faster than `set` with a view. */
const SMALL = 64;

function boxCodec(space: Box): ValueCodec<BoxArray> {
  const size = space.flatSize;
  return {
    width: size + 1,
    write: (value, slots, offset) => {
      requireForm(space, value);
      if (!isNumericArray(value)) {
        throw new SpaceMismatchError(
          `expected a Float32Array or Float64Array for ${space}, which is given back as it is, got ${showValue(value)}`,
        );
      }
      slots[offset] = DATA_TYPES.indexOf(dataTypeOf(value));
      slots.set(value, offset + 1);
    },
    read: (slots, offset) => {
      const array = allocate(DATA_TYPES[slots[offset]!]!, size);
      if (size > SMALL) array.set(slots.subarray(offset + 1, offset + 1 + size));
      else for (let i = 0; i < size; i++) array[i] = slots[offset + 1 + i]!;
      return array as BoxArray;
    },
  };
}

function dictCodec(
  space: Dict<Readonly<Record<string, Space<unknown>>>>,
): ValueCodec<Record<string, unknown>> {
  let width = 0;
  const parts = Object.keys(space.spaces).map((name) => {
    const codec = codecFor(space.spaces[name]!) as ValueCodec<unknown>;
    const start = width;
    width += codec.width;
    return { name, codec, start };
  });
  return {
    width,
    write: (value, slots, offset) => {
      requireForm(space, value);
      for (const { name, codec, start } of parts) codec.write(value[name], slots, offset + start);
    },
    read: (slots, offset) =>
      Object.fromEntries(parts.map(({ name, codec, start }) => [name, codec.read(slots, offset + start)])),
  };
}
