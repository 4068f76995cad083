import { typedArrayName } from '../arrays.js';
import { SpaceMismatchError } from '../errors.js';
import { showValue } from '../show-value.js';
import { isBox, isDict, isDiscrete, isMultiDiscrete } from './kinds.js';
import type { Space } from './space.js';

/**
 * Why `value` has no flat form in `space`, with what to write instead; undefined when it has one. If it has one,
 * nothing is allocated.
 *
 * - Box: a flat list of `flatSize` numbers, a typed array of numbers or a plain array. Bounds are not checked.
 * - Discrete: an integer from 0 to count - 1.
 * - MultiDiscrete: a flat list, as for a Box, of one integer per count, each from 0 to counts[i] - 1.
 * - Dict: a record with exactly the keys of the space, each part with a form in its space.
 * - Any other kind of space decides in its own `flattenInto`.
 */
export function formProblem(space: Space<unknown>, value: unknown): string | undefined {
  if (isBox(space)) {
    return isNumberList(value, space.flatSize) ? undefined : listProblem(space, value, space.flatSize);
  }
  if (isDiscrete(space)) {
    return isIndex(value, space.count) ? undefined : indexProblem(space, value, space.count);
  }
  if (isMultiDiscrete(space)) return multiDiscreteProblem(space, space.counts, value);
  if (isDict(space)) return recordProblem(space, space.spaces, value);
  return undefined;
}

/** Throws SpaceMismatchError, which begins with `door`, unless `value` has a flat form in `space`. */
export function requireForm(space: Space<unknown>, value: unknown, door?: string): void {
  const problem = formProblem(space, value);
  if (problem === undefined) return;
  throw new SpaceMismatchError(door === undefined ? problem : `${door}: ${problem}`);
}

/** Whether `value` is a flat list of `length` numbers: a typed array of numbers or a plain array, from any realm. */
export function isNumberList(value: unknown, length: number): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) {
    // A DataView has no length, and entries of 64-bit integers are not numbers.
    const list = value as unknown as ArrayLike<unknown>;
    return list.length === length && typeof list[0] === 'number';
  }
  if (!Array.isArray(value) || value.length !== length) return false;
  for (let i = 0; i < length; i++) if (typeof value[i] !== 'number') return false;
  return true;
}

function isIndex(value: unknown, count: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
}

function multiDiscreteProblem(
  space: Space<unknown>,
  counts: readonly number[],
  value: unknown,
): string | undefined {
  if (!isNumberList(value, counts.length)) return listProblem(space, value, counts.length);
  for (let i = 0; i < counts.length; i++) {
    if (!isIndex(value[i], counts[i]!)) {
      return `entry ${i}: expected an integer from 0 to ${counts[i]! - 1} for ${space}, got ${showValue(value[i])} in ${showValue(value)}`;
    }
  }
  return undefined;
}

function recordProblem(
  space: Space<unknown>,
  parts: Readonly<Record<string, Space<unknown>>>,
  value: unknown,
): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `expected a record with the keys ${keysOf(parts)} for ${space}, got ${showValue(value)}`;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const key in parts) {
    if (!Object.hasOwn(parts, key)) continue;
    if (!Object.hasOwn(record, key)) {
      return `the key ${JSON.stringify(key)} of ${space} is missing in ${showValue(value)}`;
    }
    const problem = formProblem(parts[key]!, record[key]);
    if (problem !== undefined) return `part ${JSON.stringify(key)}: ${problem}`;
  }
  for (const key in record) {
    if (Object.hasOwn(record, key) && !Object.hasOwn(parts, key)) {
      return `unknown key ${JSON.stringify(key)}; the keys of ${space} are ${keysOf(parts)}. Leave it out.`;
    }
  }
  return undefined;
}

function keysOf(parts: Readonly<Record<string, unknown>>): string {
  return Object.keys(parts).join(', ');
}

/** The problem with a value that should be a list of `length` numbers but is not. */
function listProblem(space: Space<unknown>, value: unknown, length: number): string {
  const array = space.kind === 'box' ? 'Float32Array' : 'Int32Array';
  const numbers = length === 1 ? '1 number' : `${length} numbers`;
  const text = `expected a flat list of ${numbers} for ${space}, got ${showValue(value)}`;
  const advice = listAdvice(value, length, array);
  return advice === undefined ? text : `${text}; ${advice}`;
}

/** Advice about a value; undefined if the value cannot be inspected, such as a Proxy around a typed array. */
function listAdvice(value: unknown, length: number, array: string): string | undefined {
  try {
    return adviceFor(value, length, array);
  } catch {
    return undefined;
  }
}

function adviceFor(value: unknown, length: number, array: string): string | undefined {
  if (typeof value === 'number' && length === 1) return `write ${array}.of(${showValue(value)})`;
  if (isArrayBuffer(value) || (typedArrayName(value) === undefined && ArrayBuffer.isView(value))) {
    return `write new ${array}(buffer)`;
  }
  if (typedArrayName(value)?.startsWith('Big') === true) return `write ${array}.from(value, Number)`;
  if (Array.isArray(value) && value.some((entry) => Array.isArray(entry) || ArrayBuffer.isView(entry))) {
    const flat = value
      .flatMap((entry) => (ArrayBuffer.isView(entry) ? [...(entry as Uint8Array)] : entry))
      .flat(8);
    if (flat.length === length) return `write ${array}.from(value.flat(Infinity))`;
    return batchAdvice(flat.length, length);
  }
  if (Array.isArray(value) && value.length === length) {
    const index = value.findIndex((entry) => typeof entry !== 'number');
    return `entry ${index} is ${showValue(value[index])}`;
  }
  const found = (value as ArrayLike<unknown> | null | undefined)?.length;
  return typeof value === 'object' && typeof found === 'number' ? batchAdvice(found, length) : undefined;
}

function batchAdvice(found: number, length: number): string | undefined {
  if (length === 1 || found <= length || found % length !== 0) return undefined;
  return `that looks like a batch of ${found / length}: pass one at a time`;
}

function isArrayBuffer(value: unknown): boolean {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

function indexProblem(space: Space<unknown>, value: unknown, count: number): string {
  const text = `expected an integer from 0 to ${count - 1} for ${space}, got ${showValue(value)}`;
  const advice = indexAdvice(value, count);
  return advice === undefined ? text : `${text}; ${advice}`;
}

function indexAdvice(value: unknown, count: number): string | undefined {
  if (typeof value === 'string' && value.trim() !== '' && isIndex(Number(value), count)) {
    return `write ${Number(value)}`;
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return 'write Number(value)';
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined;
  const entries = Array.from(value as ArrayLike<unknown>);
  const ones = entries.filter((entry) => entry === 1).length;
  const zeros = entries.filter((entry) => entry === 0).length;
  if (entries.length === count && ones === 1 && zeros === count - 1 && count > 1) {
    return `that is a one-hot list; write the index itself, ${entries.indexOf(1)}`;
  }
  if (entries.length === 1 && isIndex(entries[0], count)) return `write the number itself, ${entries[0]}`;
  return undefined;
}
