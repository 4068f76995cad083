import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countTensors, readTensor } from '../tensors.js';
import { implementations, useImplementation } from '../testing/kernel-builds.js';
import { standardNormal } from './standard-normal.js';
import { uniform } from './uniform.js';

const samplers = {
  standardNormal: {
    tensor: (count: number, rng: Rng) => standardNormal<tf.Rank.R1>([count], rng),
    fill: (values: Float32Array, rng: Rng) => rng.fillNormal(values),
  },
  uniform: {
    tensor: (count: number, rng: Rng) => uniform<tf.Rank.R1>([count], rng, -1, 1),
    fill: (values: Float32Array, rng: Rng) => rng.fillUniform(values, -1, 1),
  },
  'uniform from 0 to 1': {
    tensor: (count: number, rng: Rng) => uniform<tf.Rank.R1>([count], rng),
    fill: (values: Float32Array, rng: Rng) => rng.fillUniform(values),
  },
};

// And leaves the stream where `fillNormal` and `fillUniform` leave it.
describe.each(implementations)('%s', (implementation) => {
  const streams = fc.record({
    count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1536, 5000)),
    key: fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    drawn: fc.oneof(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 2 ** 34 - 40, max: 2 ** 34 }),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 2 ** 20 }),
    ),
  });

  test.for(Object.entries(samplers))('%s draws the numbers of Rng', async ([, { tensor, fill }], context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(streams, ({ count, ...state }) => {
        const [here, there] = [1, 2].map(() => Rng.fromState({ algorithm: 'philox4x32-10', ...state }));
        const expected = new Float32Array(count);
        for (let call = 0; call < 2; call++) {
          fill(expected, there!);
          const drawn = tf.tidy(() => readTensor(tensor(count, here!)));
          expect(drawn).toEqual(expected);
          expect(here!.state()).toEqual(there!.state());
        }
        expect(Array.from({ length: 5 }, () => here!.uint32())).toEqual(
          Array.from({ length: 5 }, () => there!.uint32()),
        );
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('draws the same where the ziggurat leaves its inner parts, and in the tail', async (context) => {
    await useImplementation(implementation, context);
    const [here, there] = [Rng.fromSeed(5), Rng.fromSeed(5)];
    const expected = new Float32Array(300_000);
    there.fillNormal(expected);
    const drawn = tf.tidy(() => readTensor(standardNormal([expected.length], here)));
    // Beyond 3.44 another algorithm takes over: about 170 of these.
    expect(expected.filter((x) => Math.abs(x) > 3.4427).length).toBeGreaterThan(100);
    expect(Buffer.compare(Buffer.from(drawn.buffer), Buffer.from(expected.buffer))).toBe(0);
  });

  test('gives a tensor of the shape and leaves none behind', async (context) => {
    await useImplementation(implementation, context);
    const before = countTensors();
    const tensor = standardNormal<tf.Rank.R2>([3, 7], Rng.fromSeed(1));
    expect([tensor.shape, tensor.dtype]).toEqual([[3, 7], 'float32']);
    tensor.dispose();
    expect(countTensors()).toBe(before);
  });
});
