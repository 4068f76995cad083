import {
  Box,
  type BoxArray,
  Dict,
  Discrete,
  MultiDiscrete,
  type Space,
  SpaceMismatchError,
} from '@maxent/core';

/**
 * Values of a space as a fixed number of doubles, for memory that threads share. Unlike the space's flat form it
 * gives back exactly what went in: a Box's array keeps its precision, and an index takes one number instead of a
 * one-hot block.
 */
export interface ValueCodec<T> {
  readonly width: number;
  /** Throws SpaceMismatchError for an array of another length. */
  write(value: T, slots: Float64Array, offset: number): void;
  read(slots: Float64Array, offset: number): T;
}

/** Throws SpaceMismatchError for a kind of space that it does not know. */
// biome-ignore lint/suspicious/noExplicitAny: spaces of unrelated value types.
export function codecFor(space: Space<any>): ValueCodec<any> {
  if (space instanceof Box) return boxCodec(space);
  if (space instanceof Discrete) {
    return {
      width: 1,
      write: (value: number, slots, offset) => {
        slots[offset] = value;
      },
      read: (slots, offset) => slots[offset]!,
    };
  }
  if (space instanceof MultiDiscrete) {
    const width = space.counts.length;
    return {
      width,
      write: (value: Int32Array, slots, offset) => {
        requireLength(space, value, width);
        slots.set(value, offset);
      },
      read: (slots, offset) => Int32Array.from(slots.subarray(offset, offset + width)),
    };
  }
  if (space instanceof Dict) return dictCodec(space);
  throw new SpaceMismatchError(
    `expected a Box, Discrete, MultiDiscrete or Dict, which threads can share, got ${space.toString()}`,
  );
}

function boxCodec(space: Box): ValueCodec<BoxArray> {
  const size = space.flatSize;
  return {
    width: size + 1,
    write: (value, slots, offset) => {
      requireLength(space, value, size);
      slots[offset] = value instanceof Float64Array ? 1 : 0;
      slots.set(value, offset + 1);
    },
    read: (slots, offset) => {
      const entries = slots.subarray(offset + 1, offset + 1 + size);
      return slots[offset] === 1 ? new Float64Array(entries) : new Float32Array(entries);
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
      for (const { name, codec, start } of parts) codec.write(value[name], slots, offset + start);
    },
    read: (slots, offset) =>
      Object.fromEntries(parts.map(({ name, codec, start }) => [name, codec.read(slots, offset + start)])),
  };
}

function requireLength(space: Space<unknown>, value: ArrayLike<number>, length: number): void {
  if (value?.length === length) return;
  throw new SpaceMismatchError(
    `expected ${length} entries for ${space.toString()}, got ${value === undefined ? 'undefined' : value.length}`,
  );
}
