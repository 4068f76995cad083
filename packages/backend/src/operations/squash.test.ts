import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';
import { countTensors } from '../tensors.js';
import { expectClose, tensorFrom } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, useImplementation } from '../testing/kernel-builds.js';
import { squash } from './squash.js';

afterEach(() => useFusedKernels(true));

const sizes = fc.record({
  rows: fc.constantFrom(1, 2, 5, 64),
  columns: fc.integer({ min: 1, max: 9 }),
  spread: fc.constantFrom(0.1, 3, 30),
});

describe.each(implementations)('%s', { timeout: 120_000 }, (implementation) => {
  test('fused and composed agree in values and gradients, alone and together', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(sizes, ({ rows, columns, spread }) => {
        tf.tidy(() => {
          const x = tf.mul(tensorFrom<tf.Rank.R2>(1, [rows, columns]), spread);
          const weights = tensorFrom<tf.Rank.R2>(2, [rows, columns]);
          const rowWeights = tensorFrom<tf.Rank.R1>(3, [rows]);
          const ofY = (a: tf.Tensor) => tf.sum(tf.mul(squash(a).y, weights));
          const ofLogDet = (a: tf.Tensor) => tf.sum(tf.mul(squash(a).logDet, rowWeights));
          expectSame(() => Object.values(squash(x)));
          expectSame(() => [tf.grad(ofY)(x)]);
          expectSame(() => [tf.grad(ofLogDet)(x)]);
          expectSame(() => [tf.grad((a: tf.Tensor) => tf.add(ofY(a), ofLogDet(a)))(x)]);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('equals the formula in double precision, and its differences the gradient', async (context) => {
    await useImplementation(implementation, context);
    tf.tidy(() => {
      const points = [-9, -1.3, -0.2, 0, 1e-3, 0.7, 2.5, 6];
      const logSlope = (u: number) => 2 * (Math.LN2 - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u))));
      const x = tf.tensor2d(points, [points.length, 1]);
      const { y, logDet } = squash(x);
      expectClose(y.dataSync(), points.map(Math.tanh));
      expectClose(logDet.dataSync(), points.map(logSlope));
      const gradient = tf.grad((a: tf.Tensor) => {
        const squashed = squash(a);
        return tf.add(tf.sum(squashed.y), tf.mul(tf.sum(squashed.logDet), 0.3));
      })(x);
      const f = (u: number) => Math.tanh(u) + 0.3 * logSlope(u);
      expectClose(
        gradient.dataSync(),
        points.map((u) => (f(u + 1e-5) - f(u - 1e-5)) / 2e-5),
        1e-4,
      );
      // Where tanh has become 1, the gradient of its logarithm is exact.
      const far = tf.grad((a: tf.Tensor) => tf.sum(squash(a).logDet))(tf.tensor2d([[40, -40]]));
      expect([...far.dataSync()]).toEqual([-2, 2]);
    });
  });

  test('a gradient of a gradient falls back to the composed operations', async (context) => {
    await useImplementation(implementation, context);
    const slope = (a: tf.Tensor) => tf.grad((b: tf.Tensor) => tf.sum(tf.square(squash(b).y)))(a);
    expectSame(() => [tf.grad((a: tf.Tensor) => tf.sum(tf.square(slope(a))))(tensorFrom(1, [3, 2]))]);
  });

  test('no tensor is left behind', async (context) => {
    await useImplementation(implementation, context);
    const x = tensorFrom<tf.Rank.R2>(1, [3, 2]);
    const run = () => tf.dispose([squash(x), tf.grad((a: tf.Tensor) => tf.sum(squash(a).logDet))(x)]);
    run();
    const before = countTensors();
    run();
    expect(countTensors()).toBe(before);
  });
});

test('what is no float32 matrix is named', async () => {
  await selectBackend({ prefer: 'cpu' });
  expect(() => squash(tf.zeros([3]))).toThrow(InvalidInputError);
  expect(() => squash(tf.zeros([2, 2], 'int32'))).toThrow('float32');
});
