import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../errors.js';
import { Rng } from '../random/rng.js';
import { Box } from './box.js';
import { Dict } from './dict.js';
import { Discrete } from './discrete.js';
import { MultiDiscrete } from './multi-discrete.js';
import type { Space } from './space.js';

const bound = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(-Infinity, Infinity, -1e308, 1e308, 0),
);
const float64Box = fc
  .array(fc.tuple(bound, bound), { minLength: 1, maxLength: 5 })
  .filter((pairs) => pairs.every(([a, b]) => Math.min(a, b) < Infinity && Math.max(a, b) > -Infinity))
  .map(
    (pairs) =>
      new Box({
        low: pairs.map(([a, b]) => Math.min(a, b)),
        high: pairs.map(([a, b]) => Math.max(a, b)),
        dataType: 'float64',
      }),
  );
const float32Box = fc
  .array(fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map(
    (pairs) =>
      new Box({ low: pairs.map(([low]) => low), high: pairs.map(([low, width]) => low + (width || 0)) }),
  );
const discrete = fc.integer({ min: 1, max: 9 }).map((count) => new Discrete(count));
const multiDiscrete = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .map((counts) => new MultiDiscrete(counts));
const leaf: fc.Arbitrary<Space<unknown>> = fc.oneof(float64Box, float32Box, discrete, multiDiscrete);
const anySpace: fc.Arbitrary<Space<unknown>> = fc.oneof(
  leaf,
  fc
    .dictionary(fc.string({ minLength: 1 }), leaf, { minKeys: 1, maxKeys: 4 })
    .map((parts) => new Dict(parts)),
);

describe('every space', () => {
  it('contains its samples, and gets them back from their flat form', () => {
    fc.assert(
      fc.property(anySpace, fc.nat(), fc.nat({ max: 3 }), (space, seed, offset) => {
        const value = space.sample(Rng.fromSeed(seed));
        expect(space.contains(value)).toBe(true);
        const flat = new Float64Array(space.flatSize + offset + 2).fill(7);
        space.flattenInto(value, flat, offset);
        expect(space.unflatten(flat, offset)).toEqual(value);
        const around = [...flat.subarray(0, offset), ...flat.subarray(offset + space.flatSize)];
        expect(around).toEqual(around.map(() => 7));
      }),
    );
  });

  it('samples by the seed', () => {
    fc.assert(
      fc.property(anySpace, fc.nat(), (space, seed) => {
        expect(space.sample(Rng.fromSeed(seed))).toEqual(space.sample(Rng.fromSeed(seed)));
      }),
    );
  });

  it.each([undefined, null, Number.NaN, 'a', {}, [], [0], new Int32Array(0), true])('refuses %j', (value) => {
    const spaces = [
      new Box({ low: 0, high: 1, shape: [1] }),
      new Discrete(2),
      new MultiDiscrete([2]),
      new Dict({ part: new Discrete(2) }),
    ];
    expect(spaces.map((space) => space.contains(value))).toEqual([false, false, false, false]);
  });
});

describe('Box', () => {
  const box = new Box({ low: [-0.1, -Infinity], high: [0.1, 3] });

  it.each([
    [Float32Array.of(0, 0), true],
    [Float64Array.of(0.1, 3), true],
    [Float32Array.of(0.1, -1e30), true],
    [Float64Array.of(0.1 + 1e-9, 3), false],
    [Float32Array.of(0, 3.001), false],
    [Float32Array.of(0, Number.NaN), false],
    [Float32Array.of(0), false],
    [[0, 0], false],
    [Int32Array.of(0, 0), false],
  ])('contains %j: %s', (value, expected) => {
    expect(box.contains(value)).toBe(expected);
  });

  it('takes a float32 value that is a bound rounded upwards', () => {
    expect(Math.fround(0.1)).toBeGreaterThan(0.1);
    expect(box.contains(Float32Array.of(Math.fround(0.1), 0))).toBe(true);
    expect(box.contains(Float64Array.of(Math.fround(0.1), 0))).toBe(false);
  });

  it('spreads samples over each kind of bound', () => {
    const space = new Box({ low: [2, -Infinity, 5, -Infinity], high: [4, 1, Infinity, Infinity] });
    const rng = Rng.fromSeed(0);
    const samples = Array.from({ length: 2000 }, () => space.sample(rng));
    const means = [0, 1, 2, 3].map((i) => samples.reduce((sum, sample) => sum + sample[i]!, 0) / 2000);
    [3, 0, 6, 0].forEach((expected, i) => {
      expect(Math.abs(means[i]! - expected)).toBeLessThan(0.1);
    });
  });

  it('has a shape, by default that of its bounds', () => {
    expect(new Box({ low: [0, 0], high: 1 }).shape).toEqual([2]);
    const image = new Box({ low: 0, high: 1, shape: [2, 3], dataType: 'float64' });
    expect(image.flatSize).toBe(6);
    expect(image.sample(Rng.fromSeed(0))).toBeInstanceOf(Float64Array);
    expect(image.toString()).toBe('Box(2x3, float64)');
  });

  it('knows whether it is bounded', () => {
    expect(new Box({ low: [-1, 0], high: 1 }).bounded).toBe(true);
    expect(box.bounded).toBe(false);
  });

  it.each([
    [{ low: 0, high: 1 }, 'shape'],
    [{ low: [0], high: [1, 2] }, 'high'],
    [{ low: 0, high: 1, shape: [0] }, 'shape'],
    [{ low: 0, high: 1, shape: [1.5] }, 'shape'],
    [{ low: [0, 2], high: [1, 1] }, 'low[1]'],
    [{ low: [Number.NaN], high: [1] }, 'low[0]'],
  ])('refuses %j', (options, field) => {
    expect(() => new Box(options)).toThrow(InvalidInputError);
    expect(() => new Box(options)).toThrow(field);
  });
});

describe('Discrete', () => {
  it.each([
    [0, true],
    [2, true],
    [3, false],
    [-1, false],
    [1.5, false],
  ])('of 3 contains %s: %s', (value, expected) => {
    expect(new Discrete(3).contains(value)).toBe(expected);
  });

  it('is one-hot when flat, and reads the largest entry back, the first on ties', () => {
    const flat = new Float32Array(3).fill(9);
    new Discrete(3).flattenInto(1, flat);
    expect([...flat]).toEqual([0, 1, 0]);
    expect(new Discrete(3).unflatten([0.2, 0.5, 0.5])).toBe(1);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a count of %s', (count) => {
    expect(() => new Discrete(count)).toThrow(InvalidInputError);
  });
});

describe('MultiDiscrete', () => {
  it('is a block of one-hots when flat', () => {
    const space = new MultiDiscrete([2, 3]);
    const flat = new Float64Array(5);
    space.flattenInto(Int32Array.of(1, 2), flat);
    expect([...flat]).toEqual([0, 1, 0, 0, 1]);
    expect(space.contains(Int32Array.of(1, 3))).toBe(false);
  });

  it.each([[[]], [[2, 0]], [[2.5]]])('refuses counts %j', (counts) => {
    expect(() => new MultiDiscrete(counts)).toThrow(InvalidInputError);
  });
});

describe('Dict', () => {
  const space = new Dict({ speed: new Box({ low: [0], high: [1] }), gear: new Discrete(2) });

  it('flattens its parts in the order of their names', () => {
    const flat = new Float32Array(3);
    space.flattenInto({ speed: Float32Array.of(0.5), gear: 1 }, flat);
    expect([...flat]).toEqual([0, 1, 0.5]);
    expect(space.toString()).toBe('Dict(gear: Discrete(2), speed: Box(1, float32))');
  });

  it.each([
    [{ speed: Float32Array.of(0.5), gear: 1 }, true],
    [{ speed: Float32Array.of(0.5) }, false],
    [{ speed: Float32Array.of(0.5), gear: 2 }, false],
    [{ speed: Float32Array.of(0.5), gear: 1, extra: 0 }, false],
  ])('contains %j: %s', (value, expected) => {
    expect(space.contains(value)).toBe(expected);
  });

  it('refuses to be empty', () => {
    expect(() => new Dict({})).toThrow(InvalidInputError);
  });
});

it('has names for its entries, or none', () => {
  expect(new Box({ low: -1, high: 1, shape: [2], names: ['x', 'y'] }).names).toEqual(['x', 'y']);
  expect(new Discrete(2, ['off', 'on']).names).toEqual(['off', 'on']);
  expect(new Discrete(2).names).toBeUndefined();
});
