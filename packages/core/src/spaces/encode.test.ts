import { expect, it } from 'vitest';
import { isMaxentError } from '../errors.js';
import { Box } from './box.js';
import { Discrete } from './discrete.js';
import { encodeValue } from './encode.js';
import type { Space } from './space.js';

const box = new Box({ low: -1, high: 1, shape: [2] });

/** As somebody writes it by hand, without a check of its own. */
const careless = (kind: string) =>
  ({
    kind,
    flatSize: 2,
    low: [-1, -1],
    high: [1, 1],
    flattenInto: (value: ArrayLike<number>, out: Float32Array, offset: number) => out.set(value, offset),
    toString: () => 'Careless(2)',
  }) as unknown as Space<unknown>;

function problemOf(space: Space<unknown>, value: unknown): string {
  try {
    encodeValue(space, value, new Float32Array(2), 'act: observation');
  } catch (error) {
    if (isMaxentError(error, 'SPACE_MISMATCH')) return error.message;
    throw error;
  }
  return 'none';
}

it('writes the flat form, and nothing beyond it', () => {
  const out = new Float32Array(5).fill(7);
  encodeValue(new Discrete(3), 1, out, 'act', 1);
  expect([...out]).toEqual([7, 0, 1, 0, 7]);
});

it.each([
  [
    box,
    Float32Array.of(1),
    'act: observation: expected a flat list of 2 numbers for Box(2, float32), got Float32Array(1) [1]',
  ],
  [
    box,
    [1, Number.NaN],
    'act: observation: expected finite numbers for Box(2, float32), got NaN at entry 1 of [1, NaN]',
  ],
  [box, [Number.NEGATIVE_INFINITY, 0], 'got -Infinity at entry 0'],
  [box, Float64Array.of(0, 1e300), 'got 1e+300, which is too large for float32 at entry 1'],
  [careless('box'), [1], 'act: observation: expected a flat list of 2 numbers for Careless(2), got [1]'],
  [careless('graph'), [1], 'expected finite numbers for Careless(2), got NaN at entry 1 of [1]'],
  [careless('graph'), [1, 2, 3], 'act: observation: Careless(2) cannot flatten [1, 2, 3]: '],
  [careless('graph'), undefined, 'act: observation: Careless(2) cannot flatten undefined: '],
] as [Space<unknown>, unknown, string][])('names the door: %s, %o', (space, value, problem) => {
  expect(problemOf(space, value)).toContain(problem);
});
