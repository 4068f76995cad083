import { expect, test } from 'vitest';
import { fieldPath, showValue } from './field-path.js';

test.each([
  [['factors', 1, 'values'], 'factors[1].values'],
  [['emission', ''], 'emission[""]'],
  [[''], '[""]'],
  [['a b', 0], '["a b"][0]'],
  [['__proto__'], '__proto__'],
  [['x'.repeat(100)], `["${'x'.repeat(60)}..."]`],
  [[], ''],
])('names the path %j', (path, text) => {
  expect(fieldPath(path)).toBe(text);
});

test.each([
  [[1, 2], 'an array of 2'],
  [new Float32Array(3), 'an array of 3'],
  [{ a: 1 }, 'an object'],
  [null, 'null'],
  ['x', '"x"'],
  ['x'.repeat(100), `"${'x'.repeat(59)}... of 100 characters`],
  [Infinity, 'Infinity'],
])('shows %j', (value, text) => {
  expect(showValue(value)).toBe(text);
});
