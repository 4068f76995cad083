import { expect, test } from 'vitest';
import { encodeJson } from './json.js';

test.each([
  [{ a: Number.POSITIVE_INFINITY, b: [Number.NEGATIVE_INFINITY] }, '{"a":"Infinity","b":["-Infinity"]}'],
  [{ observations: [Float32Array.of(0.5, 1), Float64Array.of(2)] }, '{"observations":[[0.5,1],[2]]}'],
  [{ a: undefined, b: null, c: 'x', d: true }, '{"b":null,"c":"x","d":true}'],
])('%j', (value, text) => {
  expect(encodeJson(value)).toBe(text);
});

test('names where a NaN sits', () => {
  expect(() => encodeJson({ rows: [{ median: Number.NaN }] })).toThrow(/rows\[0\]\.median is NaN/);
  expect(() => encodeJson({ rows: [Float32Array.of(0, Number.NaN)] })).toThrow(/rows\[0\]\[1\] is NaN/);
});
