import { expect, test } from 'vitest';
import { encodeJson } from './json.js';
import { NestedArray } from './nested-array.js';

test.each([
  [{ a: Number.POSITIVE_INFINITY, b: [Number.NEGATIVE_INFINITY] }, '{"a":"Infinity","b":["-Infinity"]}'],
  [{ observations: [Float32Array.of(0.5, 1), Float64Array.of(2)] }, '{"observations":[[0.5,1],[2]]}'],
  [{ a: undefined, b: null, c: 'x', d: true }, '{"b":null,"c":"x","d":true}'],
])('%j', (value, text) => {
  expect(encodeJson(value)).toBe(text);
});

test.each<[number[], number[], string]>([
  [[0.5], [], '0.5'],
  [[1, Number.NEGATIVE_INFINITY], [2], '[1,"-Infinity"]'],
  [[1, 2, 3, 4, 5, 6], [3, 2], '[[1,2],[3,4],[5,6]]'],
  [[1, 2, 3, 4], [2, 1, 2], '[[[1,2]],[[3,4]]]'],
  [[], [0, 3], '[]'],
])('%j in the shape %j', (values, shape, text) => {
  expect(encodeJson(new NestedArray(Float64Array.from(values), shape))).toBe(text);
});

test('names where a NaN sits', () => {
  expect(() => encodeJson({ rows: [{ median: Number.NaN }] })).toThrow(/rows\[0\]\.median is NaN/);
  expect(() => encodeJson({ rows: [Float32Array.of(0, Number.NaN)] })).toThrow(/rows\[0\]\[1\] is NaN/);
  const nested = new NestedArray(Float64Array.of(0, 1, 2, Number.NaN), [2, 1, 2]);
  expect(() => encodeJson({ P: nested })).toThrow('P[1][0][1] is NaN');
});
