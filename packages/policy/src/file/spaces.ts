import {
  Box,
  Dict,
  Discrete,
  InvalidInputError,
  isBox,
  isDict,
  isDiscrete,
  isMaxentError,
  isMultiDiscrete,
  type JsonValue,
  MultiDiscrete,
  type Space,
} from '@maxent/core';
import type { Field } from './field.js';

/** The maximum number of flat entries of a space in a file; a color image of 512 x 512 has 786,432. */
const LARGEST = 2 ** 20;
const DEEPEST = 8;

/** Writes a space as JSON, from which its flat form must be known without anything but the file. */
export function spaceToJson(field: string, space: Space<unknown>): JsonValue {
  if (isBox(space)) {
    const { shape, dataType, low, high } = space;
    return { kind: 'box', shape: [...shape], dataType, low: boundToJson(low), high: boundToJson(high) };
  }
  if (isDiscrete(space)) return { kind: 'discrete', count: space.count };
  if (isMultiDiscrete(space)) return { kind: 'multi-discrete', counts: [...space.counts] };
  if (isDict(space)) {
    const parts = Object.entries(space.spaces).map(([key, part]) => [
      key,
      spaceToJson(`${field}.${key}`, part),
    ]);
    return { kind: 'dict', spaces: Object.fromEntries(parts) };
  }
  throw new InvalidInputError(field, `policy files hold Box, Discrete, MultiDiscrete and Dict, got ${space}`);
}

/** Writes one number if all entries have the same bound. */
function boundToJson(bound: Float64Array): JsonValue {
  const values = Array.from(bound, (value) => (Number.isFinite(value) ? value : String(value)));
  return values.every((value) => value === values[0]) ? values[0]! : values;
}

/** Reads a space. Throws DamagedDataError if it is not a space or is too large, before allocating much. */
export function spaceFromJson(field: Field): Space<unknown> {
  let left = LARGEST;
  /** Called before a space of `size` entries is made. */
  const take = (size: number): void => {
    left -= size;
    field.require(left >= 0, `at most ${LARGEST} entries`, size);
  };
  const read = (part: Field, depth: number): Space<unknown> => {
    part.require(depth < DEEPEST, 'fewer nested Dicts');
    const kind = part.at('kind').choice('box', 'discrete', 'multi-discrete', 'dict');
    if (kind === 'dict') {
      const entries = part.fields('kind spaces').spaces.entries();
      return new Dict(Object.fromEntries(entries.map(([key, each]) => [key, read(each, depth + 1)])));
    }
    if (kind === 'discrete') {
      const count = part.fields('kind count').count.count();
      take(count);
      return new Discrete(count);
    }
    const numbers = (list: Field) => list.list(LARGEST).map((entry) => entry.count());
    if (kind === 'multi-discrete') {
      const counts = numbers(part.fields('kind counts').counts);
      take(counts.reduce((sum, count) => sum + count, 0));
      return new MultiDiscrete(counts);
    }
    const { shape, dataType, low, high } = part.fields('kind shape dataType low high');
    const sizes = numbers(shape);
    take(sizes.reduce((product, size) => product * size, 1));
    return new Box({
      low: boundsOf(low),
      high: boundsOf(high),
      shape: sizes,
      dataType: dataType.choice('float32', 'float64'),
    });
  };
  try {
    return read(field, 0);
  } catch (error) {
    // The spaces themselves check that bounds fit the shape and that low is not above high.
    if (isMaxentError(error, 'INVALID_INPUT')) field.refuse(error.message);
    throw error;
  }
}

/** The bounds: one number for all entries, or one for each. */
function boundsOf(field: Field): number | readonly number[] {
  return Array.isArray(field.value) ? field.list(LARGEST).map(boundOf) : boundOf(field);
}

function boundOf(field: Field): number {
  return typeof field.value === 'string' ? Number(field.choice('Infinity', '-Infinity')) : field.number();
}
