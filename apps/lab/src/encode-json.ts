import { DivergenceError } from '@maxent/core';

/** One line of JSON: infinities are the strings "Infinity" and "-Infinity". Throws DivergenceError for NaN. */
export function encodeJson(answer: object): string {
  return JSON.stringify(answer, (key, value: unknown) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    if (Number.isNaN(value)) throw new DivergenceError(`${key} of the answer is NaN (not a number)`);
    return String(value);
  });
}
