import { expect, test } from 'vitest';
import { isRecord } from './is-record.js';

test.each([
  [{}, true],
  [Object.create(null), true],
  [new Float32Array(1), true],
  [[], false],
  [null, false],
  [undefined, false],
  ['text', false],
  [() => {}, false],
])('%j', (value, expected) => {
  expect(isRecord(value)).toBe(expected);
});
