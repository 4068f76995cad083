import { DivergenceError } from '@maxent/core';

/** One line of JSON, by the rules of `toJsonValue`. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(toJsonValue(value, ''));
}

/**
 * What JSON can hold: typed arrays become arrays and infinities the strings "Infinity" and "-Infinity". Throws
 * DivergenceError, naming the place below `path`, for NaN: no answer of this tool may contain one.
 */
export function toJsonValue(value: unknown, path: string): unknown {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw new DivergenceError(`${path || 'the answer'} is NaN (not a number)`);
    return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity';
  }
  if (value === null || typeof value !== 'object') return value;
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
