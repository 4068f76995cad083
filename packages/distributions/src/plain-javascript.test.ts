import { selectBackend } from '@maxent/backend';
import { isMaxentError, Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  Bernoulli,
  Categorical,
  ContinuousBernoulli,
  DiagonalNormal,
  Independent,
  MultivariateNormal,
  Normal,
  TanhNormal,
  TransformedDistribution,
} from './index.js';

beforeAll(async () => {
  await selectBackend({ prefer: 'cpu' });
});

type Loose = new (...given: unknown[]) => { logProb(value: unknown): unknown; sample(rng: unknown): unknown };

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isMaxentError(error, 'INVALID_INPUT')) return error.message;
    throw error;
  }
  return 'none';
}

it.each([
  [Normal, () => ({ mean: 0, std: 1 }), 'mean: expected a tensor, got 0; write tf.scalar(0)'],
  [
    Normal,
    () => ({ mean: tf.zeros([2]), stddev: 1 }),
    'std: is required, or logStd in its place; got mean, stddev',
  ],
  [Normal, () => ({ mean: tf.zeros([2]), std: 1 }), 'std: expected a tensor, got 1; write tf.scalar(1)'],
  [Normal, () => undefined, 'parameters: expected an object such as { mean: tf.scalar(0), std'],
  [DiagonalNormal, () => ({ mean: [0, 0], std: [1, 1] }), 'mean: expected a tensor, got [0, 0]; make one'],
  [DiagonalNormal, () => null, 'parameters: expected an object'],
  [MultivariateNormal, () => ({ mean: tf.zeros([2]) }), 'scaleTril: expected a tensor, got undefined'],
  [MultivariateNormal, () => undefined, 'parameters: expected an object such as { mean, scaleTril }'],
  [Bernoulli, () => 0.5, 'logits: expected a tensor, got 0.5'],
  [ContinuousBernoulli, () => undefined, 'logits: expected a tensor, got undefined'],
  [Categorical, () => [0.2, 0.8], 'logits: expected a tensor, got [0.2, 0.8]'],
  [TanhNormal, () => undefined, 'source: expected an object'],
  [TanhNormal, () => ({ head: [1, 2] }), 'head: expected a tensor, got [1, 2]'],
  [Independent, () => undefined, 'base: expected a distribution, got undefined'],
  [TransformedDistribution, () => undefined, 'options: expected an object such as { base, bijector }'],
  [TransformedDistribution, () => ({}), 'base: expected a distribution, got undefined'],
] as [unknown, () => unknown, string][])('%o of %o says what to write', (Made, parameters, message) => {
  expect(messageOf(() => new (Made as Loose)(parameters()))).toContain(message);
});

it.each([
  () => new Normal({ mean: tf.zeros([2]), std: tf.ones([2]) }),
  () => new DiagonalNormal({ mean: tf.zeros([1, 2]), std: tf.ones([1, 2]) }),
  () => new MultivariateNormal({ mean: tf.zeros([2]), scaleTril: tf.eye(2) }),
  () => new Bernoulli(tf.zeros([2])),
  () => new ContinuousBernoulli(tf.zeros([2])),
  () => new Categorical(tf.zeros([2])),
  () => new TanhNormal(new DiagonalNormal({ mean: tf.zeros([1, 2]), std: tf.ones([1, 2]) })),
  () => new Independent(new Normal({ mean: tf.zeros([2]), std: tf.ones([2]) })),
])('%# takes tensors and random numbers only', (make) => {
  const made = make() as unknown as InstanceType<Loose>;
  made.sample(Rng.fromSeed(1));
  expect(messageOf(() => made.logProb(undefined))).toContain('value: expected a tensor, got undefined');
  expect(messageOf(() => made.logProb(0.5))).toContain(
    'value: expected a tensor, got 0.5; write tf.scalar(0.5)',
  );
  expect(messageOf(() => made.sample(undefined))).toContain('rng: expected an Rng, got undefined');
});
