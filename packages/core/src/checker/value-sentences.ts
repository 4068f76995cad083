import {
  dataTypeOf,
  isFloat32Array,
  isFloat64Array,
  isNumericArray,
  type NumericArray,
  typedArrayName,
} from '../arrays.js';
import { isMaxentError, SpaceMismatchError } from '../errors.js';
import { showValue } from '../show-value.js';
import { formProblem } from '../spaces/form.js';
import { isBox, isDict, isDiscrete, isMultiDiscrete } from '../spaces/kinds.js';
import type { Space } from '../spaces/space.js';
import { describeThrown, isPromise } from './thrown.js';

const SPACE_METHODS = ['sample', 'contains', 'flattenInto', 'unflatten', 'toString'] as const;

/** Why `space` is not a space; undefined when it is one. `name` is its name, such as `observationSpace`. */
export function spaceProblem(name: string, space: unknown): string | undefined {
  const problem = `${name} is ${showValue(space)}, which is not a space`;
  if (typeof space !== 'object' || space === null)
    return `${problem}; expected a Box, Discrete, MultiDiscrete or Dict`;
  try {
    const { kind, flatSize } = space as Partial<Space<unknown>>;
    const missing = SPACE_METHODS.find(
      (method) => typeof (space as Partial<Space<unknown>>)[method] !== 'function',
    );
    if (missing !== undefined) {
      return `${problem}: it has no ${missing} method; expected a Box, Discrete, MultiDiscrete or Dict`;
    }
    if (typeof kind !== 'string') return `${problem}: its kind is ${showValue(kind)}`;
    if (!Number.isInteger(flatSize) || flatSize! < 1) return `${name}.flatSize is ${showValue(flatSize)}`;
    const known = space as Space<unknown>;
    if (!isDict(known)) return void (isBox(known) || isDiscrete(known) || isMultiDiscrete(known));
    for (const [key, part] of Object.entries(known.spaces)) {
      const within = spaceProblem(`${name}.spaces.${key}`, part);
      if (within !== undefined) return within;
    }
    return undefined;
  } catch (thrown) {
    return isMaxentError(thrown) ? `${name}: ${thrown.message}` : `${problem}: ${describeThrown(thrown)}`;
  }
}

/** Throws SpaceMismatchError unless `space` is a space. `name` is its name, such as `observationSpace`. */
export function requireSpace(name: string, space: unknown): void {
  const problem = spaceProblem(name, space);
  if (problem !== undefined) throw new SpaceMismatchError(problem);
}

/** Describes a space, to compare it: spaces with equal descriptions hold the same values. */
export function describeSpace(space: Space<unknown>): string {
  if (isBox(space)) return `${space} from [${space.low.join(', ')}] to [${space.high.join(', ')}]`;
  if (!isDict(space)) return space.toString();
  return `{ ${Object.entries(space.spaces)
    .map(([key, part]) => `${key}: ${describeSpace(part)}`)
    .join(', ')} }`;
}

/**
 * Why a value of an environment or agent cannot be used in a space, whatever its numbers are; undefined when it can.
 * More than `formProblem`: values of Box and MultiDiscrete are typed arrays, so that they can be stored.
 */
export function wrongShape(space: Space<unknown>, value: unknown): string | undefined {
  const problem = formProblem(space, value);
  if (problem !== undefined) return problem;
  if (isDict(space)) return firstOfParts(space.spaces, value as object, wrongShape);
  if (isBox(space) || isMultiDiscrete(space)) {
    if (isNumericArray(value)) return undefined;
    const arrays = isBox(space) ? 'Float32Array or Float64Array' : 'Int32Array';
    return `expected a ${arrays}, got ${showValue(value)}`;
  }
  if (value === undefined || value === null || typeof value === 'function' || isPromise(value)) {
    return `expected a value of ${space}, got ${showValue(value)}`;
  }
  return undefined;
}

/** The first array within a value whose type differs from its space's; undefined when there is none. */
export function wrongDataType(space: Space<unknown>, value: unknown): string | undefined {
  if (isDict(space)) return firstOfParts(space.spaces, value as object, wrongDataType);
  if (!isBox(space)) return undefined;
  const found = isFloat32Array(value) || isFloat64Array(value) ? dataTypeOf(value) : typedArrayName(value);
  return found === space.dataType ? undefined : `${found} where the space says ${space.dataType}`;
}

/** The first number of a value that is outside the bounds of its Box; undefined when none is. */
export function outOfBounds(space: Space<unknown>, value: unknown): string | undefined {
  if (isDict(space)) return firstOfParts(space.spaces, value as object, outOfBounds);
  if (!isBox(space)) return undefined;
  const entries = value as NumericArray;
  // A float32 value may be a bound rounded to float32, so compare bounds at the value's own precision.
  const round = isFloat32Array(value) ? Math.fround : (bound: number) => bound;
  for (let i = 0; i < entries.length; i++) {
    const [entry, low, high] = [entries[i]!, round(space.low[i]!), round(space.high[i]!)];
    if (!(entry >= low && entry <= high))
      return `entry ${i} is ${entry}, outside [${space.low[i]}, ${space.high[i]}]`;
  }
  return undefined;
}

/**
 * Whether every number within a value of a space (a number, an array, or a record of these) is finite. With `infinite`,
 * whether none is NaN.
 */
export function isFiniteValue(value: unknown, infinite = false): boolean {
  if (typeof value === 'number') return isUsable(value, infinite);
  if (ArrayBuffer.isView(value)) {
    const entries = value as unknown as ArrayLike<number>;
    for (let i = 0; i < entries.length; i++) if (!isUsable(entries[i]!, infinite)) return false;
    return true;
  }
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((part) => isFiniteValue(part, infinite));
}

/** Where the first non-finite number is: `position: NaN at entry 9`. Empty if the value is a single number. */
export function nonFiniteEntry(value: unknown, infinite = false): string {
  if (ArrayBuffer.isView(value)) {
    const entries = Array.from(value as unknown as ArrayLike<number>);
    const i = entries.findIndex((entry) => !isUsable(entry, infinite));
    return `${entries[i]} at entry ${i}`;
  }
  if (typeof value !== 'object' || value === null) return '';
  const found = Object.entries(value).find(([, part]) => !isFiniteValue(part, infinite));
  if (found === undefined) return '';
  const [key, part] = found;
  return `${key}: ${nonFiniteEntry(part, infinite) || String(part)}`;
}

function isUsable(entry: number, infinite: boolean): boolean {
  return infinite ? !Number.isNaN(entry) : Number.isFinite(entry);
}

/** A copy of a value's numbers, which does not change with the value. */
export function flatCopy<T>(space: Space<T>, value: T): Float64Array {
  const flat = new Float64Array(space.flatSize);
  space.flattenInto(value, flat);
  return flat;
}

/** Whether two lists are equal bit for bit: NaN equals itself, 0 differs from -0. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Whether JSON can hold a value, so that storing it loses nothing. */
export function isPlainJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (Array.isArray(value)) return value.every(isPlainJson);
  return isPlainRecord(value) && Object.values(value).every(isPlainJson);
}

/** Whether a value is a plain record. Its prototype is not compared, because it may come from another realm. */
function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function firstOfParts(
  spaces: Readonly<Record<string, Space<unknown>>>,
  value: object,
  find: (space: Space<unknown>, value: unknown) => string | undefined,
): string | undefined {
  for (const [name, part] of Object.entries(spaces)) {
    const found = find(part, (value as Record<string, unknown>)[name]);
    if (found !== undefined) return `part ${JSON.stringify(name)}: ${found}`;
  }
  return undefined;
}
