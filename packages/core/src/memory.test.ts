import { expect, test } from 'vitest';
import { formatBytes, requireMemory } from './memory.js';

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1536, '1.5 KiB'],
  [2 ** 30, '1 GiB'],
  [8e15, '7.105 PiB'],
  [1e30, '10^30 bytes'],
  [Infinity, 'more bytes than can be counted'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('refuses what is above the limit, and a size that is not a number', () => {
  const words = { what: 'a table of 3 states', remedy: 'use fewer states' };
  expect(() => requireMemory('states', 24, 24, words)).not.toThrow();
  expect(() => requireMemory('states', 25, 24, words)).toThrow(
    'states: a table of 3 states would take 25 bytes, more than the limit of 24 bytes; use fewer states',
  );
  expect(() => requireMemory('states', Number.NaN, 24, words)).toThrow('states: ');
});
