import { runInNewContext } from 'node:vm';
import { Box, Dict, Discrete, MultiDiscrete, type Space, SpaceMismatchError } from '@maxent/core';
import { expect, it } from 'vitest';
import { checkAction } from './check-action.js';

const box = new Box({ low: -1, high: 1, shape: [2] });
const gears = new MultiDiscrete([2, 3]);
const record = new Dict({ gear: new Discrete(2) });

it.each([
  [box, Float32Array.of(0, 30)],
  [box, Float64Array.of(-Infinity, 0)],
  [box, runInNewContext('Float32Array.of(0, 1)')],
  [new Discrete(3), 2],
  [gears, Int32Array.of(1, 2)],
  [record, { gear: 1 }],
] as [Space<unknown>, unknown][])('%s takes %o', (space, action) => {
  expect(() => checkAction(space, action)).not.toThrow();
});

it.each([
  [
    box,
    [0, 1],
    'action: expected a Float32Array or Float64Array for Box(2, float32), got [0, 1]; write Float32Array.from(action)',
  ],
  [
    box,
    Float32Array.of(0, Number.NaN),
    'action: expected a value of Box(2, float32), got Float32Array(2) [0, NaN]',
  ],
  [
    box,
    Float32Array.of(0),
    'action: expected a flat list of 2 numbers for Box(2, float32), got Float32Array(1) [0]',
  ],
  [box, undefined, 'got undefined'],
  [new Discrete(3), 3, 'action: expected an integer from 0 to 2 for Discrete(3), got 3'],
  [new Discrete(3), [0, 1, 0], 'a one-hot list; write the index itself, 1'],
  [
    gears,
    [0, 1],
    'action: expected an Int32Array for MultiDiscrete(2, 3), got [0, 1]; write Int32Array.from(action)',
  ],
  [gears, Int32Array.of(0, 3), 'action: entry 1: expected an integer from 0 to 2'],
  [record, { gear: 2 }, 'action: part "gear": expected an integer from 0 to 1'],
  [
    { kind: 'graph', contains: () => false, toString: () => 'Graph' },
    1,
    'action: expected a value of Graph, got 1',
  ],
] as [Space<unknown>, unknown, string][])('%s refuses %o', (space, action, problem) => {
  expect(() => checkAction(space, action)).toThrow(SpaceMismatchError);
  expect(() => checkAction(space, action)).toThrow(problem);
});
