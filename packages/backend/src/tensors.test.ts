// Arrays of the caller against tensors made from them, in both directions, on every backend.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamStep, polyakStep, selectBackend } from './index.js';
import { countTensors, fillTensor, readTensor, tensorOf } from './tensors.js';
import { testBackends } from './test-backends.js';

describe.each(testBackends)('on %s', (backend) => {
  beforeAll(() => selectBackend({ prefer: backend }));

  // Native reads a tensor's values when it is first used, so both orders matter.
  test.each([true, false])('refilling the array leaves the tensor alone, used before: %s', (usedBefore) => {
    const scratch = Float32Array.of(1, 2, 3);
    const tensors = [
      tensorOf<tf.Rank.R1>(scratch, [3]),
      fillTensor<tf.Rank.R1>([3], (values) => values.set(scratch)),
    ];
    if (usedBefore) for (const tensor of tensors) tf.dispose(tf.add(tensor, 1));
    scratch.fill(9);
    for (const tensor of tensors) {
      expect([...readTensor(tensor)]).toEqual([1, 2, 3]);
      expect([...readTensor(tf.mul(tensor, 2))]).toEqual([2, 4, 6]);
    }
  });

  test('writing into what was read leaves the tensor alone', () => {
    for (const tensor of [tensorOf<tf.Rank.R1>([1, 2], [2]), tf.add(tf.tensor1d([0, 1]), 1)]) {
      readTensor(tensor).fill(7);
      expect([...readTensor(tensor)]).toEqual([1, 2]);
    }
  });

  test('steps in place do not write into the array that a variable was made from', () => {
    const arrays = Array.from({ length: 4 }, () => new Float32Array(2).fill(1));
    const [parameters, firstMoment, secondMoment, target] = arrays.map((array) =>
      tf.variable(tf.tensor1d(array)),
    ) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
    const gradient = tf.tensor1d([1, -1]);
    for (let step = 1; step <= 2; step++) {
      adamStep({ parameters, gradient, firstMoment, secondMoment, step, learningRate: 0.1 });
      polyakStep(target, gradient, 0.5);
    }
    expect([...readTensor(target)]).toEqual([1, -0.5]);
    for (const array of arrays) expect([...array]).toEqual([1, 1]);
  });

  test('tensorOf names a wrong number of values', () => {
    expect(() => tensorOf([1, 2], [3])).toThrow('values: expected 3 for shape [3], but got 2');
  });

  test('countTensors sees a tensor come and go', () => {
    const before = countTensors();
    const tensor = tf.tidy(() => tf.add(tf.tensor1d([1]), 1));
    expect(countTensors()).toBeGreaterThan(before);
    tensor.dispose();
    expect(countTensors()).toBe(before);
  });
});
