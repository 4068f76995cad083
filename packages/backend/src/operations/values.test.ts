import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  adamStep,
  clipByGlobalNorm,
  denseStack,
  denseStackLayout,
  denseStackParameterCount,
  fillTensor,
  polyakStep,
  readScalar,
  readTensor,
  selectBackend,
  squashedGaussian,
  useFusedKernels,
} from '../index.js';
import { testVariants } from '../test-backends.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance);
}

// Literal tables, run on every backend, with our own implementations and without.
describe.each(testVariants)('on %s, fused kernels: %s', (prefer, fused) => {
  beforeAll(async () => {
    await selectBackend({ prefer });
    useFusedKernels(fused);
  });
  afterAll(() => useFusedKernels(true));

  test('denseStack computes layer by layer', () => {
    const spec = { sizes: [2, 2, 1], hiddenActivation: 'relu', outputActivation: 'linear' } as const;
    const parameters = tf.tensor1d([1, -1, 2, 1, 0.5, 0, 3, -2, 0.25]);
    // x = [1, 2]: x W = [5, 1], + b = [5.5, 1], relu, W = [3, -2], + 0.25.
    expectClose(readTensor(denseStack(tf.tensor2d([[1, 2]]), parameters, spec)), [14.75]);
  });

  test('denseStack keeps the members of an ensemble apart', () => {
    const spec = { sizes: [1, 1], hiddenActivation: 'relu', outputActivation: 'tanh', members: 2 } as const;
    const parameters = tf.tensor1d([1, 0, 2, 0.5]);
    const shared = denseStack(tf.tensor2d([[0.5], [1]]), parameters, spec);
    expect(shared.shape).toEqual([2, 2, 1]);
    expectClose(readTensor(shared), [0.5, 1, 1.5, 2.5].map(Math.tanh));
    const own = denseStack(tf.tensor3d([[[0.5]], [[1]]]), parameters, spec);
    expectClose(readTensor(own), [0.5, 2.5].map(Math.tanh));
  });

  test('denseStack has gradients in input and parameters', () => {
    const spec = { sizes: [2, 1], hiddenActivation: 'relu', outputActivation: 'linear' } as const;
    const [dx, dp] = tf.grads((x: tf.Tensor, p: tf.Tensor) => tf.sum(denseStack(x, p, spec)))([
      tf.tensor2d([[1, 2]]),
      tf.tensor1d([3, 4, 5]),
    ]) as [tf.Tensor, tf.Tensor];
    expectClose(readTensor(dx), [3, 4]);
    expectClose(readTensor(dp), [1, 2, 1]);
  });

  test('denseStack refuses shapes that do not fit', () => {
    const spec = { sizes: [2, 1], hiddenActivation: 'relu', outputActivation: 'linear' } as const;
    expect(() => denseStack(tf.zeros([1, 3]), tf.zeros([3]), spec)).toThrow('expected shape [batch, 2]');
    expect(() => denseStack(tf.zeros([1, 2]), tf.zeros([4]), spec)).toThrow('expected shape [3]');
  });

  test('squashedGaussian matches the closed form', () => {
    // head = (mean 0.3, log std log 0.5), noise 0.8: u = 0.7.
    const { action, rawAction, logProb } = squashedGaussian(
      tf.tensor2d([[0.3, Math.log(0.5)]]),
      tf.tensor2d([[0.8]]),
    );
    expectClose(readTensor(rawAction), [0.7]);
    expectClose(readTensor(action), [Math.tanh(0.7)]);
    const density = -0.32 - Math.log(0.5) - 0.5 * Math.log(2 * Math.PI) - Math.log(1 - Math.tanh(0.7) ** 2);
    expectClose(readTensor(logProb), [density]);
  });

  test('squashedGaussian stays finite far out and has no gradient outside the clamp', () => {
    const head = tf.tensor2d([[40, -40, 3, -25]]);
    const noise = tf.tensor2d([[1, 1]]);
    const { logProb } = squashedGaussian(head, noise);
    // 1 - tanh(u)^2 is 4 exp(-2 |u|) there; the second dimension's deviation exp(-20) is negligible next to u = -40.
    const first = 40 + Math.exp(2);
    const expected = -1 - 2 + 20 - Math.log(2 * Math.PI) - 2 * Math.log(4) + 2 * first + 80;
    expectClose(readTensor(logProb), [expected], 1e-4);
    const gradient = tf.grad((h: tf.Tensor) => tf.sum(squashedGaussian(h, noise).logProb))(head);
    expectClose(readTensor(gradient), [2, -2, 0, 0], 1e-5);
  });

  test('adamStep takes the first step of algorithm 1, in place', () => {
    const parameters = tf.variable(tf.tensor1d([1, -2]));
    const firstMoment = tf.variable(tf.zeros([2]));
    const secondMoment = tf.variable(tf.zeros([2]));
    const gradient = tf.tensor1d([0.5, -4]);
    adamStep({ parameters, gradient, firstMoment, secondMoment, step: 1, learningRate: 0.1 });
    // After bias correction the first step is learningRate * sign(gradient).
    expectClose(readTensor(parameters), [0.9, -1.9]);
    expectClose(readTensor(firstMoment), [0.05, -0.4]);
    expectClose(readTensor(secondMoment), [0.00025, 0.016]);
    adamStep({ parameters, gradient, firstMoment, secondMoment, step: 2, learningRate: 0.1 });
    expectClose(readTensor(parameters), [0.8, -1.8]);
  });

  test('an in-place step leaves tensors alone that shared their values with the variable', () => {
    const source = tf.tensor1d([1, 2]);
    const target = tf.variable(source);
    const copy = target.clone();
    polyakStep(target, tf.tensor1d([3, 6]), 0.5);
    expectClose(readTensor(target), [2, 4]);
    expectClose(readTensor(source), [1, 2]);
    expectClose(readTensor(copy), [1, 2]);
  });

  test('clipByGlobalNorm scales all tensors together, and only down', () => {
    const tensors = [tf.tensor1d([3, 0]), tf.tensor2d([[4]])];
    const clipped = clipByGlobalNorm(tensors, 1);
    expect(readScalar(clipped.norm)).toBeCloseTo(5, 6);
    expectClose(readTensor(clipped.tensors[0]!), [0.6, 0]);
    expectClose(readTensor(clipped.tensors[1]!), [0.8]);
    expectClose(readTensor(clipByGlobalNorm(tensors, 10).tensors[0]!), [3, 0]);
  });

  test('fillTensor and readTensor do not share memory with the caller', () => {
    const tensor = fillTensor<tf.Rank.R2>([2, 2], (values) => values.set([1, 2, 3, 4]));
    expect(tensor.shape).toEqual([2, 2]);
    const values = readTensor(tensor);
    values[0] = 9;
    expectClose(readTensor(tensor), [1, 2, 3, 4]);
  });
});

test.each([undefined, { epsilon: 1e-5 }])(
  'denseStackLayout covers the parameters without a gap, with %o',
  (own) => {
    const spec = {
      sizes: [3, 5, 2],
      hiddenActivation: 'relu',
      outputActivation: 'linear',
      members: 2,
      layerNormalization: own,
    } as const;
    let offset = 0;
    for (const { member: _, layer, ...slots } of denseStackLayout(spec)) {
      expect('scale' in slots).toBe(own !== undefined && layer === 0);
      for (const slot of [slots.weight, slots.bias, slots.scale, slots.shift]) {
        if (slot === undefined) continue;
        expect(slot.offset).toBe(offset);
        offset += slot.shape.reduce((product, length) => product * length, 1);
      }
    }
    expect(offset).toBe(denseStackParameterCount(spec));
    expect(offset).toBe(2 * (4 * 5 + 6 * 2 + (own === undefined ? 0 : 2 * 5)));
  },
);
