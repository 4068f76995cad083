import { expect, test } from 'vitest';
import { structureFlaw } from './json-structure.js';

test.each([
  ['{"a":1,"b":[{"a":1},{"a":2}],"c":{"a":1}}'],
  ['["a","a",{"x":"a","y":"a"}]'],
  ['{"a":"{\\"a\\":1,\\"a\\":2}"}'],
  [`${'['.repeat(64)}${']'.repeat(64)}`],
  ['{"b\\\\":1,"b":2}'],
])('finds nothing in %s', (text) => {
  expect(structureFlaw(text)).toBeUndefined();
});

test.each([
  ['{"a":1,"a":1}', 'a', 'is given twice; give it once', 7],
  ['{"a":1,"\\u0061":1}', 'a', 'is given twice; give it once', 7],
  ['{"f":[0,{"v":1,"w":2,"v":3}]}', 'f[1].v', 'is given twice; give it once', 21],
  ['{"":1,"":1}', '[""]', 'is given twice; give it once', 6],
  ['{"e":{"__proto__":0}}', 'e.__proto__', 'is a reserved name in JavaScript; use another', 6],
  ['{"e":{"\\u005f_proto__":0}}', 'e.__proto__', 'is a reserved name in JavaScript; use another', 6],
  ['['.repeat(65), '', 'is nested more than 64 levels deep', 64],
  ['{"a":'.repeat(200_000), '', 'is nested more than 64 levels deep', 320],
])('finds the flaw of %.60s', (text, path, problem, offset) => {
  expect(structureFlaw(text)).toEqual({ path, problem, offset });
});
