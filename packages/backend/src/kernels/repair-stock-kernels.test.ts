// Plain tfjs code on the wasm backend, with the stock kernels replaced, against the plain JavaScript backend.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { polyakStep } from '../operations/polyak.js';
import { selectBackend } from '../select-backend.js';
import { readTensor } from '../tensors.js';
import { expectClose, tensorFrom } from '../testing/close.js';
import { useFusedKernels } from './fused-kernels.js';

afterEach(() => useFusedKernels(true));

/** The values that `compute`'s tensors have on a backend. */
async function valuesOn(backend: 'wasm' | 'cpu', compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  await selectBackend({ prefer: backend });
  return tf.tidy(() => compute().map((tensor) => readTensor(tensor)));
}

async function expectSameAsCpu(compute: () => tf.Tensor[]): Promise<void> {
  const expected = await valuesOn('cpu', compute);
  const actual = await valuesOn('wasm', compute);
  expect(actual.length).toBe(expected.length);
  for (const [i, values] of actual.entries()) expectClose(values, expected[i]!, 1e-5);
}

const size = fc.constantFrom(1, 2, 3, 5, 8, 13, 24);
const batches = fc.constantFrom<[number[], number[]]>(
  [[], []],
  [[3], [3]],
  [[1], [4]],
  [[4], [1]],
  [
    [2, 3],
    [2, 3],
  ],
);

describe('tf.matMul', { timeout: 120_000 }, () => {
  test('values for any transposition and batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        batches,
        fc.boolean(),
        fc.boolean(),
        (m, n, k, [batchA, batchB], ta, tb) =>
          expectSameAsCpu(() => {
            const a = tensorFrom(1, [...batchA, ...(ta ? [k, m] : [m, k])] as [number, number]);
            const b = tensorFrom(2, [...batchB, ...(tb ? [n, k] : [k, n])] as [number, number]);
            return [tf.matMul(a, b, ta, tb)];
          }),
      ),
      { seed: 1, numRuns: 80 },
    );
  });

  test('gradients', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (m, n, k, ta, tb, batched) =>
          expectSameAsCpu(() => {
            const batch = batched ? [3] : [];
            const a = tensorFrom(1, [...batch, ...(ta ? [k, m] : [m, k])] as [number, number]);
            const b = tensorFrom(2, [...batch, ...(tb ? [n, k] : [k, n])] as [number, number]);
            return tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.square(tf.matMul(x, y, ta, tb))))([
              a,
              b,
            ]);
          }),
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  test('wrong shapes are still named by tfjs', async () => {
    await selectBackend({ prefer: 'wasm' });
    expect(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5]))).toThrow('inner shapes');
  });

  test('weights changed in place are seen, also by the stock kernel that caches them', async () => {
    await selectBackend({ prefer: 'wasm' });
    const x = tf.tensor2d([[1, 2]]);
    const weight = tf.variable(tf.tensor2d([[3], [4]]));
    useFusedKernels(false);
    expectClose(readTensor(tf.matMul(x, weight)), [11]);
    useFusedKernels(true);
    polyakStep(weight, tf.tensor2d([[1], [1]]), 1);
    expectClose(readTensor(tf.matMul(x, weight)), [3]);
    useFusedKernels(false);
    expectClose(readTensor(tf.matMul(x, weight)), [3]);
    useFusedKernels(true);
    polyakStep(weight, tf.tensor2d([[2], [2]]), 1);
    useFusedKernels(false);
    expectClose(readTensor(tf.matMul(x, weight)), [6]);
  });
});

test.each(['linear', 'relu', 'tanh', 'elu', 'sigmoid', 'relu6'] as const)(
  'tf.fused.matMul with a bias and %s',
  async (activation) => {
    await selectBackend({ prefer: 'wasm' });
    const a = tensorFrom(1, [6, 5]);
    const b = tf.mul(tensorFrom(2, [5, 7]), 4);
    const bias = tensorFrom<tf.Rank.R1>(3, [7]);
    const sum = tf.add(tf.matMul(a, b), bias);
    const expected = {
      linear: tf.clone,
      relu: tf.relu,
      tanh: tf.tanh,
      elu: tf.elu,
      sigmoid: tf.sigmoid,
      relu6: tf.relu6,
    };
    const fused = tf.fused.matMul({ a, b, bias, activation } as Parameters<typeof tf.fused.matMul>[0]);
    expectClose(readTensor(fused), readTensor(expected[activation](sum)));
  },
);

describe('tf.gather', () => {
  test.each([
    [[6, 4], [0, 5, 5, 2], 0],
    [[3, 5], [4, 4, 0], 1],
    [[7], [1, 1, 1, 6], 0],
  ])('gradient for shape %j, indices %j, axis %i', async (shape, indices, axis) => {
    await expectSameAsCpu(() => {
      const x = tensorFrom(1, shape as [number, number]);
      return [
        tf.grad((a: tf.Tensor) => tf.sum(tf.square(tf.gather(a, tf.tensor1d(indices, 'int32'), axis))))(x),
      ];
    });
  });

  test('rows of no segment are left out', async () => {
    await selectBackend({ prefer: 'wasm' });
    const sums = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4]), tf.tensor1d([0, 7, -1], 'int32'), 2);
    expectClose(readTensor(sums), [1, 0]);
  });
});

describe('tf.clone', () => {
  test('a clone keeps its values when the original is disposed', async () => {
    await selectBackend({ prefer: 'wasm' });
    const before = tf.memory();
    const original = tensorFrom<tf.Rank.R1>(1, [100]);
    const expected = readTensor(original);
    const copy = tf.clone(original);
    original.dispose();
    const other = tensorFrom<tf.Rank.R1>(2, [100]);
    expectClose(readTensor(copy), expected, 0);
    tf.dispose([copy, other]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

test('tf.tanh', async () => {
  await expectSameAsCpu(() => [tf.tanh(tf.mul(tensorFrom(1, [13, 11]), 12))]);
});
