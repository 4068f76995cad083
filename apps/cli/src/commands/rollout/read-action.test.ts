import { Box } from '@maxent/core';
import { expect, it } from 'vitest';
import { readAction } from './read-action.js';

const space = new Box({ low: -1, high: 1, shape: [2] });

it('reads an action recorded in float32 as float32, and keeps every digit of any other', () => {
  expect(readAction(space, [0.10000000149011612, 0.5], 'actions[0]')).toEqual(Float32Array.of(0.1, 0.5));
  expect(readAction(space, [0.1, 0.5], 'actions[0]')).toEqual(Float64Array.of(0.1, 0.5));
});
