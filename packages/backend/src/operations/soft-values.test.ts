// The soft values and losses: fused against composed operations to the last bit, and both against plain loops.
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
import { valuesFrom } from '../testing/values.js';
import { softBellmanTarget, softPolicyLoss, softValue, squaredErrorLoss } from './soft-values.js';

afterEach(() => useFusedKernels(true));

const shape = fc.record({
  members: fc.constantFrom(1, 2, 3, 5),
  batch: fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 256), fc.integer({ min: 1, max: 70 })),
  /** With few different values, members often tie. */
  ties: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1000 }),
});

function drawn({
  members,
  batch,
  ties,
  seed,
}: {
  members: number;
  batch: number;
  ties: boolean;
  seed: number;
}) {
  const values = valuesFrom(seed, members * batch).map((x) => (ties ? Math.round(2 * x) : 5 * x));
  return {
    values: tf.tensor3d(values, [members, batch, 1]),
    logProb: tensorFrom<tf.Rank.R1>(seed + 1, [batch]),
    rewards: tensorFrom<tf.Rank.R1>(seed + 2, [batch]),
    continues: tf.tensor1d(valuesFrom(seed + 3, batch).map((x) => (x < -0.5 ? 0 : 1))),
    temperature: tf.scalar(0.3),
  };
}

describe.each(implementations)('%s', { timeout: 120_000 }, (implementation) => {
  test('values and targets', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(shape, (sizes) => {
        tf.tidy(() => {
          const { values, logProb, temperature, rewards, continues } = drawn(sizes);
          const target = { rewards, continues, discount: 0.99 };
          expectSame(
            () => [
              softValue({ values }),
              softValue({ values, logProb, temperature }),
              softBellmanTarget({ values, ...target }),
              softBellmanTarget({ values, logProb, temperature, ...target }),
            ],
            0,
          );
          const single = tf.reshape(values, [sizes.members * sizes.batch, 1]);
          expectSame(() => [softValue({ values: single })], 0);
          const weighted = (v: tf.Tensor) => tf.sum(tf.mul(softValue({ values: v }), rewards));
          expectSame(() => [tf.grad(weighted)(values)], 0);
          expectSame(() => [tf.grad((v: tf.Tensor) => tf.sum(softValue({ values: v })))(single)], 0);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('losses and their gradients', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(shape, (sizes) => {
        tf.tidy(() => {
          const { values, logProb, temperature, rewards } = drawn(sizes);
          const policyLoss = (v: tf.Tensor, l: tf.Tensor) =>
            softPolicyLoss({ values: v, logProb: l as tf.Tensor1D, temperature });
          const squared = (v: tf.Tensor) => squaredErrorLoss(v, rewards);
          expectSame(() => {
            const { loss, entropy } = policyLoss(values, logProb);
            return [loss, entropy, squared(values)];
          }, 0);
          const both = (v: tf.Tensor, l: tf.Tensor) => policyLoss(v, l).loss;
          expectSame(() => tf.grads(both)([values, logProb]), 0);
          expectSame(() => [tf.grad((v: tf.Tensor) => both(v, logProb))(values)], 0);
          expectSame(() => [tf.grad((l: tf.Tensor) => both(values, l))(logProb)], 0);
          expectSame(() => [tf.grad(squared)(values)], 0);
          // Losses that are parts of others.
          const sum = (v: tf.Tensor, l: tf.Tensor) => {
            const { loss, entropy } = policyLoss(v, l);
            return tf.addN([tf.mul(loss, 3), tf.mul(entropy, 0.7), tf.mul(squared(v), -2)]);
          };
          expectSame(() => tf.grads(sum)([values, logProb]), 1e-6);
          const single = tf.reshape(values, [sizes.members * sizes.batch, 1]);
          const target = tensorFrom<tf.Rank.R1>(9, [sizes.members * sizes.batch]);
          expectSame(() => [tf.grad((v: tf.Tensor) => squaredErrorLoss(v, target))(single)], 0);
        });
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  test('what the formulas say', async (context) => {
    await useImplementation(implementation, context);
    tf.tidy(() => {
      const { values, logProb, temperature, rewards, continues } = drawn({
        members: 3,
        batch: 37,
        ties: false,
        seed: 7,
      });
      const [v, l, r, c] = [values, logProb, rewards, continues].map((tensor) => tensor.dataSync());
      const smallest = Array.from({ length: 37 }, (_, b) => Math.min(v![b]!, v![37 + b]!, v![74 + b]!));
      const soft = smallest.map((value, b) => value - 0.3 * l![b]!);
      const mean = (x: number[]) => x.reduce((sum, each) => sum + each, 0) / 37;
      expectClose(softValue({ values, logProb, temperature }).dataSync(), soft);
      expectClose(
        softBellmanTarget({ values, logProb, temperature, rewards, continues, discount: 0.9 }).dataSync(),
        soft.map((value, b) => r![b]! + 0.9 * c![b]! * value),
      );
      const { loss, entropy } = softPolicyLoss({ values, logProb, temperature });
      expectClose(loss.dataSync(), [-mean(soft)]);
      expectClose(entropy.dataSync(), [-mean([...l!])]);
      const errors = Array.from(v!, (value, i) => (value - r![i % 37]!) ** 2 / 2);
      expectClose(squaredErrorLoss(values, rewards).dataSync(), [(3 * mean(errors)) / 3]);
    });
  });

  test('a target can be differentiated', async (context) => {
    await useImplementation(implementation, context);
    const { values, logProb, temperature, rewards, continues } = drawn({
      members: 2,
      batch: 9,
      ties: true,
      seed: 3,
    });
    const target = { rewards, continues, discount: 0.99, temperature };
    expectSame(
      () =>
        tf.grads((v, l) => softBellmanTarget({ values: v, logProb: l as tf.Tensor1D, ...target }))([
          values,
          logProb,
        ]),
      0,
    );
  });

  test('no tensor is left behind', async (context) => {
    await useImplementation(implementation, context);
    const { values, logProb, temperature, rewards, continues } = drawn({
      members: 2,
      batch: 9,
      ties: true,
      seed: 3,
    });
    const inputs = { values, logProb, temperature };
    const run = () => {
      tf.dispose(softBellmanTarget({ ...inputs, rewards, continues, discount: 0.9 }));
      const { loss, entropy } = softPolicyLoss(inputs);
      tf.dispose([loss, entropy, softValue(inputs), squaredErrorLoss(values, rewards)]);
      const policyLoss = (v: tf.Tensor, l: tf.Tensor) =>
        softPolicyLoss({ ...inputs, values: v, logProb: l as tf.Tensor1D }).loss;
      tf.dispose(tf.grads(policyLoss)([values, logProb]));
    };
    // The native backend makes tensors of its own when it first sees values.
    run();
    const before = countTensors();
    run();
    expect(countTensors()).toBe(before);
  });
});

describe('unusable input', () => {
  const one = () => tf.zeros<tf.Rank.R1>([3]);
  const values = () => tf.zeros([2, 3, 1]);
  test.each<[string, () => unknown]>([
    ['values', () => softValue({ values: tf.zeros([2, 3]) })],
    ['logProb', () => softValue({ values: values(), logProb: tf.zeros([4]), temperature: tf.scalar(1) })],
    ['temperature', () => softValue({ values: values(), logProb: one() })],
    ['temperature', () => softPolicyLoss({ values: values(), logProb: one(), temperature: one() as never })],
    [
      'rewards',
      () => softBellmanTarget({ values: values(), rewards: tf.zeros([2]), continues: one(), discount: 1 }),
    ],
    ['target', () => squaredErrorLoss(values(), tf.zeros([6]))],
    ['target', () => squaredErrorLoss(values(), tf.zeros([3], 'int32'))],
  ])('is named: %s', async (field, call) => {
    await selectBackend({ prefer: 'cpu' });
    expect(call).toThrow(InvalidInputError);
    expect(call).toThrow(field);
  });
});
