import { expect, test } from 'vitest';
import { fault } from './judge.js';

const refused = (message: string) =>
  fault({
    exitCode: 2,
    out: JSON.stringify({ error: { code: 'INVALID_INPUT', field: 'x', message } }),
    err: '',
    memory: 0,
  });

test.each([
  'x: Invalid input: expected number, received undefined',
  'x: Invalid input, got 3',
  'x: Too small: expected number to be >0, got -1',
  'x: expected number, got undefined',
  'undefined: is required',
  'x: got [object Object]',
  'x: is NaN',
])('%s is a fault', (message) => {
  expect(refused(message)).toContain(message);
});

test.each(['x: expected number to be >0, got -1', 'x: expected number, got "undefined"', 'x: is required'])(
  '%s is none',
  (message) => {
    expect(refused(message)).toBeUndefined();
  },
);
