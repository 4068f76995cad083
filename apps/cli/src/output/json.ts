import { DivergenceError } from '@maxent/core';

/**
 * One line of JSON. Typed arrays become arrays and infinities the strings "Infinity" and "-Infinity". Throws
 * DivergenceError, naming the place, for NaN: no answer of this tool may contain one.
 */
export function encodeJson(value: unknown): string {
  return JSON.stringify(toPlain(value, ''));
}

function toPlain(value: unknown, path: string): unknown {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw new DivergenceError(`${path || 'the answer'} is NaN (not a number)`);
    return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity';
  }
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, (item, index) =>
      toPlain(item, `${path}[${index}]`),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, toPlain(item, path === '' ? key : `${path}.${key}`)]),
  );
}
