import { readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import {
  copySnapshot,
  InvalidInputError,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { Adam, lossAndGradients, NormalizedMlp, NormalizedMlpEnsemble } from './index.js';

const options = { inputSize: 3, hiddenSizes: [8, 6], outputSize: 2 };
const ROWS = 32;

function batch(seed: number, rows = ROWS): tf.Tensor2D {
  const rng = Rng.fromSeed(seed);
  return tensorOf<tf.Rank.R2>(
    Array.from({ length: rows * 3 }, (_, i) => rng.normal(i % 3, 1 + (i % 3))),
    [rows, 3],
  );
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return readTensor(tf.max(tf.abs(tf.sub(a, b))))[0]!;
}

describe.each(testBackends)('on %s', (backend) => {
  beforeEach(() => selectBackend({ prefer: backend }));

  test('the folded network comes to what training passes give once the statistics have settled', () => {
    tf.tidy(() => {
      const network = new NormalizedMlp({ ...options, momentum: 0.5, rng: Rng.fromSeed(1) });
      const x = batch(2);
      const folded = network.createFolded();
      expect(largestDifference(folded.apply(x), network.train(x))).toBeGreaterThan(0.1);
      for (let i = 0; i < 30; i++) network.train(x);
      network.foldInto(folded);
      expect(largestDifference(folded.apply(x), network.train(x))).toBeLessThan(1e-5);
      expect(folded.spec).toEqual({
        ...{ sizes: [3, 8, 6, 2], hiddenActivation: 'relu', outputActivation: 'linear' },
      });
    });
  });

  test('a joint pass is not two passes', () => {
    tf.tidy(() => {
      const make = () => new NormalizedMlp({ ...options, rng: Rng.fromSeed(1) });
      const [a, b] = [batch(2), tf.mul(batch(3), 2) as tf.Tensor2D];
      const [joint] = tf.split(make().train(tf.concat([a, b])), 2, 0) as [tf.Tensor2D];
      expect(largestDifference(joint, make().train(a))).toBeGreaterThan(0.1);
    });
  });

  test('each member of an ensemble has its own weights and statistics', () => {
    tf.tidy(() => {
      const ensemble = new NormalizedMlpEnsemble({ ...options, members: 2, rng: Rng.fromSeed(1) });
      const x = batch(2);
      const [first, second] = tf.unstack(ensemble.train(x)) as [tf.Tensor, tf.Tensor];
      expect(largestDifference(first, second)).toBeGreaterThan(0.1);
      const { arrays } = ensemble.save();
      expect(arrays['member.0.layer.0.mean']!.data).toEqual(arrays['member.1.layer.0.mean']!.data);
      expect(arrays['member.0.layer.1.mean']!.data).not.toEqual(arrays['member.1.layer.1.mean']!.data);
      // Alone, each member does the same.
      const alone = new NormalizedMlp({ ...options, rng: Rng.fromSeed(9) });
      const own = Object.entries(
        copySnapshot(
          new NormalizedMlpEnsemble({
            ...options,
            members: 2,
            rng: Rng.fromSeed(1),
          }).save(),
        ).arrays,
      ).filter(([name]) => name.startsWith('member.1.'));
      alone.load({
        arrays: Object.fromEntries(own.map(([name, array]) => [name.slice('member.1.'.length), array])),
        metadata: { passes: 0 },
      });
      expect(largestDifference(alone.train(x), second)).toBeLessThan(1e-6);
    });
  });

  test('renormalizes after as many passes as it was told', () => {
    tf.tidy(() => {
      const make = (renormalizeAfter: number | null) =>
        new NormalizedMlp({ ...options, renormalizeAfter, rng: Rng.fromSeed(1) });
      const [plain, after] = [make(null), make(2)];
      const differences = [1, 2, 3, 4].map((seed) =>
        largestDifference(plain.train(batch(seed)), after.train(batch(seed))),
      );
      expect(differences.slice(0, 2)).toEqual([0, 0]);
      for (const value of differences.slice(2)) expect(value).toBeGreaterThan(1e-2);
      expect(after.passes).toBe(4);
    });
  });

  test('learns, and goes on from a snapshot with the same numbers', () => {
    tf.tidy(() => {
      const make = (seed: number) => {
        const network = new NormalizedMlp({ ...options, renormalizeAfter: 15, rng: Rng.fromSeed(seed) });
        return { network, adam: new Adam([network.parameters], { learningRate: 1e-2, beta1: 0.5 }) };
      };
      const x = batch(4);
      const y = tf.slice(tf.sin(x), [0, 0], [ROWS, 2]);
      const learn = ({ network, adam }: ReturnType<typeof make>, steps: number): number[] =>
        Array.from({ length: steps }, () => {
          const { loss, gradients } = lossAndGradients(
            () => tf.mean(tf.squaredDifference(network.train(x), y)) as tf.Scalar,
            [network.parameters],
          );
          adam.step(gradients);
          return readTensor(loss)[0]!;
        });
      const original = make(1);
      const losses = learn(original, 30);
      expect(losses.at(-1)!).toBeLessThan(0.2 * losses[0]!);
      const restored = make(2);
      restored.network.load(copySnapshot(original.network.save()));
      restored.adam.load(copySnapshot(original.adam.save()));
      expect(learn(restored, 5)).toEqual(learn(original, 5));
    });
  });
});

describe('NormalizedMlp', () => {
  const make = () => new NormalizedMlp({ ...options, rng: Rng.fromSeed(1) });

  test('names its numbers', async () => {
    await selectBackend({ prefer: 'cpu' });
    const { arrays, metadata } = make().save();
    expect(metadata).toEqual({ passes: 0 });
    expect(Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))).toEqual(
      Object.fromEntries(
        [3, 8, 6].flatMap((inputs, layer) => [
          ...['scale', 'shift', 'mean', 'variance'].map((name) => [`layer.${layer}.${name}`, [inputs]]),
          [`layer.${layer}.weight`, [inputs, [8, 6, 2][layer]]],
          [`layer.${layer}.bias`, [[8, 6, 2][layer]]],
        ]),
      ),
    );
  });

  test.each<[string, (good: Snapshot) => Snapshot]>([
    ['passes', ({ arrays }) => ({ arrays, metadata: {} })],
    ['"layer.1.mean" is missing', (good) => ({ ...good, arrays: without(good.arrays, 'layer.1.mean') })],
    [
      '"extra" is not a parameter',
      (good) => ({
        ...good,
        arrays: { ...good.arrays, extra: good.arrays['layer.0.bias']! },
      }),
    ],
    [
      '"layer.0.scale" must be float32 of shape [3]',
      (good) => ({
        ...good,
        arrays: { ...good.arrays, 'layer.0.scale': good.arrays['layer.0.bias']! },
      }),
    ],
  ])('refuses a snapshot: %s', async (message, spoil) => {
    await selectBackend({ prefer: 'cpu' });
    const network = make();
    const before = copySnapshot(network.save());
    const spoiled = spoil(copySnapshot(new NormalizedMlp({ ...options, rng: Rng.fromSeed(2) }).save()));
    expect(() => network.load(spoiled)).toThrow(SnapshotMismatchError);
    expect(() => network.load(spoiled)).toThrow(message);
    expect(snapshotsEqual(network.save(), before)).toBe(true);
  });

  test.each([
    ['renormalizeAfter', { renormalizeAfter: -1 }],
    ['renormalizeAfter', { renormalizeAfter: Number.NaN }],
    ['epsilon', { epsilon: 0 }],
    ['momentum', { momentum: 1 }],
    ['hiddenSizes[0]', { hiddenSizes: [0] }],
  ])('refuses %s', async (field, wrong) => {
    await selectBackend({ prefer: 'cpu' });
    const call = () => new NormalizedMlp({ ...options, ...wrong, rng: Rng.fromSeed(1) });
    expect(call).toThrow(InvalidInputError);
    expect(call).toThrow(`${field}: expected`);
  });

  test('frees everything', async () => {
    await selectBackend({ prefer: 'cpu' });
    const before = tf.memory().numTensors;
    const network = make();
    const folded = network.createFolded();
    tf.tidy(() => void network.train(batch(1)));
    network.foldInto(folded);
    network.dispose();
    folded.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
