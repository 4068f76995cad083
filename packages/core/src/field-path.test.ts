import { expect, test } from 'vitest';
import { fieldPath } from './field-path.js';

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
