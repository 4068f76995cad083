import {
  type BoxArray,
  type Dict,
  InvalidInputError,
  isRecord,
  type MultiDiscrete,
  type Space,
  showValue,
} from '@maxent/core';
import { formatCounted } from '../../output/format-number.js';
import { readNumbers } from './json-numbers.js';

/**
 * An action written as JSON. A Box action whose entries are all float32 numbers becomes a Float32Array, because it was
 * recorded as one and environments compute in the precision of the action, as NumPy does; any other keeps all its
 * digits as a Float64Array. Throws InvalidInputError for a wrong number of entries, or a choice that does not exist.
 */
export function readAction(space: Space<unknown>, value: unknown, field: string): unknown {
  if (space.kind === 'dict') return readRecord(space as Dict<Record<string, Space<unknown>>>, value, field);
  const numbers = readNumbers(value, field);
  const expected = entriesOf(space);
  if (numbers.length !== expected) {
    throw new InvalidInputError(
      field,
      `expected ${formatCounted(expected, 'number')} for ${space}, got ${numbers.length}`,
    );
  }
  const action =
    space.kind === 'discrete'
      ? numbers[0]!
      : space.kind === 'multi-discrete'
        ? Int32Array.from(numbers)
        : boxAction(numbers);
  // The environment clips entries outside a Box's bounds.
  const exists = space.kind === 'box' || (space.contains(action) && numbers.every(Number.isInteger));
  if (!exists) throw new InvalidInputError(field, `expected a value of ${space}, got ${showValue(value)}`);
  return action;
}

function boxAction(numbers: readonly number[]): BoxArray {
  const single = Float32Array.from(numbers);
  return numbers.every((number, i) => number === single[i]) ? single : Float64Array.from(numbers);
}

function entriesOf(space: Space<unknown>): number {
  if (space.kind === 'discrete') return 1;
  return space.kind === 'multi-discrete' ? (space as MultiDiscrete).counts.length : space.flatSize;
}

function readRecord(space: Dict<Record<string, Space<unknown>>>, value: unknown, field: string): unknown {
  const names = Object.keys(space.spaces);
  const given = isRecord(value) ? Object.keys(value) : [];
  if (given.length !== names.length || !names.every((name) => given.includes(name))) {
    throw new InvalidInputError(
      field,
      `expected an object with ${names.join(', ')}, got ${showValue(value)}`,
    );
  }
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name) => [name, readAction(space.spaces[name]!, record[name], `${field}.${name}`)]),
  );
}
