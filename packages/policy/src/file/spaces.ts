import {
  Box,
  Dict,
  Discrete,
  InvalidInputError,
  isBox,
  isDict,
  isDiscrete,
  isMultiDiscrete,
  type JsonValue,
  MultiDiscrete,
  type Space,
} from '@maxent/core';
import { anyFieldsOf, countOf, fieldsOf, listOf, oneOf, refuse } from './fields.js';

/** Flat entries of a space in a file; a colour image of 512 x 512 has 786,432. */
const LARGEST = 2 ** 20;
const DEEPEST = 8;

/** A space as JSON; what its flat form is must be known where there is nothing but the file. */
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

/** One number where all entries have the same bound. */
function boundToJson(bound: Float64Array): JsonValue {
  const values = Array.from(bound, (value) => (Number.isFinite(value) ? value : String(value)));
  return values.every((value) => value === values[0]) ? values[0]! : values;
}

/** A space that has been checked and not made yet. */
export interface StoredSpace {
  readonly flatSize: number;
  make(): Space<unknown>;
}

export function spaceFromJson(path: string, json: unknown, depth = 0): StoredSpace {
  const kind = oneOf(`${path}.kind`, anyFieldsOf(path, json).kind, [
    'box',
    'discrete',
    'multi-discrete',
    'dict',
  ]);
  if (kind === 'box') return boxFromJson(path, json);
  if (kind === 'discrete') {
    const count = countOf(`${path}.count`, fieldsOf(path, json, 'kind count').count);
    return { flatSize: sizeWithin(path, count), make: () => new Discrete(count) };
  }
  if (kind === 'multi-discrete') {
    const counts = sizesOf(`${path}.counts`, fieldsOf(path, json, 'kind counts').counts, 100_000);
    const sum = counts.reduce((total, count) => total + count, 0);
    if (sum === 0) refuse(`${path}.counts`, 'expected at least one entry');
    return { flatSize: sizeWithin(path, sum), make: () => new MultiDiscrete(counts) };
  }
  if (depth >= DEEPEST) refuse(path, `more than ${DEEPEST} Dicts within each other`);
  const spaces = Object.entries(anyFieldsOf(`${path}.spaces`, fieldsOf(path, json, 'kind spaces').spaces));
  const parts = spaces.map(
    ([key, part]) => [key, spaceFromJson(`${path}.spaces.${key}`, part, depth + 1)] as const,
  );
  if (parts.length === 0) refuse(`${path}.spaces`, 'expected at least one space');
  const sum = parts.reduce((total, [, part]) => total + part.flatSize, 0);
  return {
    flatSize: sizeWithin(path, sum),
    make: () => new Dict(Object.fromEntries(parts.map(([key, part]) => [key, part.make()]))),
  };
}

function boxFromJson(path: string, json: unknown): StoredSpace {
  const fields = fieldsOf(path, json, 'kind shape dataType low high');
  const shape = sizesOf(`${path}.shape`, fields.shape, 16);
  const dataType = oneOf(`${path}.dataType`, fields.dataType, ['float32', 'float64']);
  const flatSize = sizeWithin(
    path,
    shape.reduce((product, size) => product * size, 1),
  );
  const low = boundFromJson(`${path}.low`, fields.low, flatSize);
  const high = boundFromJson(`${path}.high`, fields.high, flatSize);
  const at = (bound: number | readonly number[], i: number) =>
    typeof bound === 'number' ? bound : bound[i]!;
  for (let i = 0; i < flatSize; i++) {
    if (at(low, i) > at(high, i))
      refuse(`${path}.low`, `entry ${i}, ${at(low, i)}, is above its upper bound`);
  }
  return { flatSize, make: () => new Box({ low, high, shape, dataType }) };
}

function boundFromJson(path: string, json: unknown, size: number): number | readonly number[] {
  if (!Array.isArray(json)) return boundOf(path, json);
  if (json.length !== size) refuse(path, `expected ${size} bounds, got ${json.length}`);
  return json.map((bound, i) => boundOf(`${path}[${i}]`, bound));
}

function boundOf(path: string, bound: unknown): number {
  if (bound === 'Infinity' || bound === '-Infinity') return Number(bound);
  if (Number.isFinite(bound)) return bound as number;
  return refuse(path, 'expected a number, "Infinity" or "-Infinity"');
}

function sizesOf(path: string, json: unknown, longest: number): readonly number[] {
  return listOf(path, json, longest).map((size, i) => countOf(`${path}[${i}]`, size));
}

function sizeWithin(path: string, size: number): number {
  return size <= LARGEST
    ? size
    : refuse(path, `${size} entries are more than the ${LARGEST} that a policy file may ask for`);
}
