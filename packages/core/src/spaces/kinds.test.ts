import { expect, it } from 'vitest';
import { SpaceMismatchError } from '../errors.js';
import { Box } from './box.js';
import { Dict } from './dict.js';
import { Discrete } from './discrete.js';
import { isBox, isDict, isDiscrete, isMultiDiscrete } from './kinds.js';
import { MultiDiscrete } from './multi-discrete.js';

const tests = [isBox, isDiscrete, isMultiDiscrete, isDict];

it.each([
  [new Box({ low: 0, high: 1, shape: [2] }), isBox],
  [new Discrete(2), isDiscrete],
  [new MultiDiscrete([2, 2]), isMultiDiscrete],
  [new Dict({ part: new Discrete(2) }), isDict],
])('%s is recognized without its class', (space, own) => {
  const { kind, ...rest } = space;
  const copy = { ...rest, kind };
  for (const test of tests) {
    expect(test(space)).toBe(test === own);
    expect(test(copy)).toBe(test === own);
  }
});

it.each([undefined, null, 'box', 3, {}, { kind: 'graph' }])('%j is of no known kind', (value) => {
  for (const test of tests) expect(test(value)).toBe(false);
});

it.each([
  [isBox, { kind: 'box', flatSize: 2, low: [0], high: [1, 1] }, 'flatSize, low and high'],
  [isBox, { kind: 'box' }, 'a space of kind "box" needs'],
  [isDiscrete, { kind: 'discrete', count: 0, flatSize: 0 }, 'count and flatSize'],
  [isMultiDiscrete, { kind: 'multi-discrete', flatSize: 3 }, 'counts'],
  [isDict, { kind: 'dict', flatSize: 3 }, 'spaces, a record of spaces'],
])('what claims a kind must have its properties', (test, space, problem) => {
  expect(() => test(space)).toThrow(SpaceMismatchError);
  expect(() => test(space)).toThrow(problem);
});
