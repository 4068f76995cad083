import { Box, Dict, Discrete, MultiDiscrete, type Space, SpaceMismatchError } from '@maxent/core';
import { expect, it } from 'vitest';
import { codecFor } from './value-codec.js';

const box = new Box({ low: -1, high: 1, shape: [2] });
const record = new Dict({ gear: new Discrete(2), place: box });

it.each([
  [box, Float32Array.of(1, 2)],
  [box, Float64Array.of(0.1, 0.2)],
  [box, Uint8Array.of(7, 255)],
  [box, Int32Array.of(-7, 255)],
  [new Discrete(3), 2],
  [new MultiDiscrete([2, 3]), Int32Array.of(1, 2)],
  [record, { gear: 1, place: Float64Array.of(0.1, 0.2) }],
] as [Space<unknown>, unknown][])('%s gives back %o', (space, value) => {
  const codec = codecFor(space);
  const slots = new Float64Array(codec.width + 1);
  codec.write(value, slots, 1);
  expect(codec.read(slots, 1)).toStrictEqual(value);
});

it.each([
  [box, Float32Array.of(1), 'expected a flat list of 2 numbers'],
  [box, undefined, 'got undefined'],
  [
    box,
    [0.1, 0.2],
    'expected a Float32Array or Float64Array for Box(2, float32), which is given back as it is',
  ],
  [box, Int16Array.of(1, 2), 'which is given back as it is, got Int16Array(2) [1, 2]'],
  [new Discrete(3), 3, 'expected an integer from 0 to 2'],
  [new Discrete(3), Number.NaN, 'got NaN'],
  [new MultiDiscrete([2, 3]), Int32Array.of(1, 3), 'entry 1: expected an integer from 0 to 2'],
  [record, { gear: 1 }, 'the key "place" of Dict('],
  [record, { gear: 1, place: Float32Array.of(1, 2), more: 1 }, 'unknown key "more"'],
] as [Space<unknown>, unknown, string][])(
  '%s does not send %o, and writes nothing',
  (space, value, problem) => {
    const codec = codecFor(space);
    const slots = new Float64Array(codec.width).fill(7);
    expect(() => codec.write(value, slots, 0)).toThrow(SpaceMismatchError);
    expect(() => codec.write(value, slots, 0)).toThrow(problem);
    expect(slots.every((slot) => slot === 7)).toBe(true);
  },
);
