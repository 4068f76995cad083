import { expect, test } from 'vitest';
import { parseJson } from './parse-json.js';

test.each([
  ['{"a":1,\n "a":2}', 'a: is given twice; give it once (line 2, column 2)'],
  ['{"a":{"__proto__":1}}', 'a.__proto__: is a reserved name in JavaScript; use another (line 1, column 7)'],
  ['[NaN]', 'MODEL: m.json is not JSON: line 1, column 2: NaN is not JSON; write null for a missing value'],
  ['[nan]', 'nan is not JSON; write null for a missing value'],
  ['[-Infinity]', '-Infinity is not JSON; write "-Infinity", in quotes'],
  ['[inf]', 'inf is not JSON; write "Infinity", in quotes'],
  ['[1', 'MODEL: m.json is not JSON: line 1, column 3: close bracket expected'],
  [
    '['.repeat(10_000),
    'MODEL: m.json is nested more than 64 levels deep (line 1, column 65); nothing here needs that',
  ],
])('refuses %.40s', (text, message) => {
  expect(() => parseJson(text, 'm.json', 'MODEL')).toThrow(message);
});

test('names what was typed when the text is of the command line', () => {
  expect(() => parseJson('{"x":1,"x":2}', '--task', '--task')).toThrow('--task x: is given twice');
  expect(() => parseJson('{', '--task', '--task')).toThrow('--task: the text is not JSON');
  expect(() => parseJson('{', '-', 'MODEL')).toThrow('MODEL: standard input is not JSON');
});
