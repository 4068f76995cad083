import { DivergenceError } from '@maxent/core';
import type { NestedNumbers } from '../input/read-table.js';
import { NestedArray } from './nested-array.js';

/**
 * What `encodeJson` writes as a T: arrays of numbers may be typed arrays, and nested arrays may be flat with their
 * shape.
 */
export type Encodes<T> = T extends readonly NestedNumbers[]
  ? T | Float64Array | Int32Array | NestedArray
  : T extends object
    ? { [Key in keyof T]: Encodes<T[Key]> }
    : T;

/** One line of JSON, by the rules of `toJsonValue`. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(toJsonValue(value, ''));
}

/**
 * Converts a value to what JSON can hold: typed and shaped arrays become arrays, and infinities become the strings
 * "Infinity" and "-Infinity". Throws DivergenceError, which names the place below `path`, for NaN: no answer of this
 * tool may contain one.
 */
export function toJsonValue(value: unknown, path: string): unknown {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw new DivergenceError(`${path || 'the answer'} is NaN (not a number)`);
    return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity';
  }
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof NestedArray) {
    const [size] = value.shape;
    if (size === undefined) return toJsonValue(value.values[0], path);
    // The last axis is written from the flat array at once.
    const isVector = value.shape.length === 1;
    return isVector
      ? toJsonValue(value.values, path)
      : Array.from({ length: size }, (_, index) => toJsonValue(value.part(index), `${path}[${index}]`));
  }
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, (item, index) =>
      toJsonValue(item, `${path}[${index}]`),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      toJsonValue(item, path === '' ? key : `${path}.${key}`),
    ]),
  );
}
