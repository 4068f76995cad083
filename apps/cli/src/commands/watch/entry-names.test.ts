import { Box, Dict, Discrete, type Space } from '@maxent/core';
import { expect, test } from 'vitest';
import { entryNamesOf } from './entry-names.js';

test('entries have the names of their space, or keys and numbers', () => {
  const named = new Box({ low: -1, high: 1, shape: [2], names: ['x', 'y'] });
  const plain = new Box({ low: -1, high: 1, shape: [2] });
  expect(entryNamesOf(named)).toEqual(['x', 'y']);
  expect(entryNamesOf(plain)).toEqual(['entry 0', 'entry 1']);
  expect(entryNamesOf(new Dict({ there: plain, here: named }))).toEqual([
    ...['here x', 'here y', 'there entry 0', 'there entry 1'],
  ]);
  expect(entryNamesOf(new Discrete(2, ['off', 'on']))).toEqual(['off', 'on']);
  // A plugin's space, from JavaScript.
  const faulty = { kind: 'other', flatSize: 2, names: ['one'] } as unknown as Space<unknown>;
  expect(entryNamesOf(faulty)).toEqual(['entry 0', 'entry 1']);
});
