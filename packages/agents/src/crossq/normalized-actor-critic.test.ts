// The updates of CrossQ against the same written out in tfjs operations.
import { readTensor, selectBackend, tensorOf, useFusedKernels } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { copySnapshot, Rng, type Snapshot } from '@maxent/core';
import { TanhNormal } from '@maxent/distributions';
import { lecunNormal, NormalizedMlp, NormalizedMlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TransitionBatch } from '../learner/transition-replay.js';
import { type CrossQConfig, crossQConfig } from './config.js';
import { NormalizedActorCritic } from './normalized-actor-critic.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));
afterEach(() => useFusedKernels(true));

const [BATCH, STATE, ACTION] = [16, 5, 2];
const HIDDEN = [12, 10];
const initializer = lecunNormal();

function makeLearner(overrides: Partial<CrossQConfig> = {}): NormalizedActorCritic {
  const config = crossQConfig.parse({ hiddenSizes: HIDDEN, criticHiddenSizes: HIDDEN, ...overrides });
  return new NormalizedActorCritic({
    observationSize: STATE,
    actionSize: ACTION,
    targetEntropy: -ACTION,
    config,
    rng: Rng.fromSeed(1),
  });
}

/** Critics and actor with the weights that such a learner starts with. */
const makeCritics = () =>
  new NormalizedMlpEnsemble({
    ...{ members: 2, inputSize: STATE + ACTION, hiddenSizes: HIDDEN, outputSize: 1, initializer },
    rng: Rng.fromSeed(1).split('critics'),
  });
const makeActor = () =>
  new NormalizedMlp({
    ...{ inputSize: STATE, hiddenSizes: HIDDEN, outputSize: 2 * ACTION, initializer },
    rng: Rng.fromSeed(1).split('actor'),
  });

function makeBatch(): TransitionBatch {
  const rng = Rng.fromSeed(2);
  const normal = (width: number, spread = 1) =>
    tensorOf<tf.Rank.R2>(
      Array.from({ length: BATCH * width }, () => rng.normal(0, spread)),
      [BATCH, width],
    );
  return {
    observations: normal(STATE),
    actions: tf.tanh(normal(ACTION, 2)),
    rewards: tf.squeeze(normal(1), [1]),
    nextObservations: normal(STATE, 2),
    continues: tensorOf<tf.Rank.R1>(
      Array.from({ length: BATCH }, (_, i) => Number(i % 5 > 0)),
      [BATCH],
    ),
  };
}

/** After one step, Adam's first moment is (1 - beta1) times the gradient; beta1 is 0.5. */
function firstGradient({ arrays }: Snapshot, optimizer: string): Float64Array {
  return Float64Array.from(arrays[`${optimizer}/firstMoment.0`]!.data, (value) => 2 * Number(value));
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);
}

describe('the update of the critics', () => {
  const batch = makeBatch;

  /** Gradients by hand: of the joint pass, and of two passes, each with its own statistics. */
  function byHand(nextActions: Float32Array, discount: number) {
    useFusedKernels(false);
    const { observations, actions, rewards, nextObservations, continues } = batch();
    const next = tensorOf<tf.Rank.R2>(nextActions, [BATCH, ACTION]);
    const rows = tf.concat([tf.concat([observations, actions], 1), tf.concat([nextObservations, next], 1)]);
    const halvesOf = (values: tf.Tensor3D) => tf.split(tf.squeeze<tf.Tensor2D>(values, [2]), 2, 1);
    const targetOf = (future: tf.Tensor) =>
      tensorOf<tf.Rank.R1>(
        readTensor(tf.add(rewards, tf.mul(tf.mul(continues, discount), tf.min(future, 0)))),
        [BATCH],
      );
    const lossOf = (present: tf.Tensor, target: tf.Tensor1D) =>
      tf.mul(tf.sum(tf.square(tf.sub(present, target))), 0.5 / BATCH) as tf.Scalar;
    const gradientOf = (loss: (critics: NormalizedMlpEnsemble) => tf.Scalar) => {
      const critics = makeCritics();
      const { grads } = tf.variableGrads(() => loss(critics), [critics.parameters]);
      const { arrays } = critics.save();
      return { gradient: readTensor(Object.values(grads)[0]!), arrays };
    };
    const target = targetOf(halvesOf(makeCritics().train(rows as tf.Tensor2D))[1]!);
    const joint = gradientOf((critics) => lossOf(halvesOf(critics.train(rows as tf.Tensor2D))[0]!, target));
    const apart = gradientOf((critics) => {
      const present = critics.train(tf.concat([observations, actions], 1));
      return lossOf(tf.squeeze(present, [2]), target);
    });
    useFusedKernels(true);
    return { joint, apart, meanTarget: readTensor(tf.mean(target))[0]! };
  }

  it('has the gradient of one pass over both halves of the batch, not of two passes', () => {
    tf.tidy(() => {
      // So small that the log-density does not count.
      const learner = makeLearner({ temperature: 1e-9 });
      const nextActions = learner.act(batch().nextObservations, Rng.fromSeed(3));
      const metrics = learner.updateCritics(batch(), Rng.fromSeed(3));
      const { joint, apart, meanTarget } = byHand(nextActions, 0.99);
      const snapshot = learner.save();
      const gradient = firstGradient(snapshot, 'criticOptimizer');
      expect(readTensor(metrics.meanTarget as tf.Scalar)[0]).toBeCloseTo(meanTarget, 5);
      expect(distance(gradient, joint.gradient)).toBeLessThan(1e-5);
      expect(distance(apart.gradient, joint.gradient)).toBeGreaterThan(1e-2);
      for (const name of ['member.0.layer.0.mean', 'member.1.layer.2.variance']) {
        const moved = Array.from(snapshot.arrays[`critics/${name}`]!.data, Number);
        expect(distance(moved, Array.from(joint.arrays[name]!.data, Number))).toBeLessThan(1e-6);
      }
      learner.dispose();
    });
  });

  it('weighs the log-density of the next action by the temperature from before the step', () => {
    tf.tidy(() => {
      const means = [1e-9, 0.5].map((temperature) => {
        const learner = makeLearner({ temperature });
        const { meanTarget } = learner.updateCritics(batch(), Rng.fromSeed(3));
        learner.dispose();
        return readTensor(meanTarget as tf.Scalar)[0]!;
      });
      const actor = makeActor();
      const head = actor.createFolded().apply(batch().nextObservations);
      const policy = new TanhNormal({ head, minimumLogStd: -20, maximumLogStd: 2 });
      const { logProb } = policy.sampleAndLogProb(Rng.fromSeed(3));
      const expected = readTensor(tf.mean(tf.mul(logProb, batch().continues)))[0]!;
      expect((means[0]! - means[1]!) / (0.5 * 0.99)).toBeCloseTo(expected, 4);
    });
  });
});

describe('the update of the actor', () => {
  it('normalizes the actor by the batch and the critics by their running statistics, which stay', () => {
    tf.tidy(() => {
      const learner = makeLearner({ temperature: 0.3 });
      learner.updateCritics(makeBatch(), Rng.fromSeed(3));
      const before = copySnapshot(learner.save());
      learner.updateActor(makeBatch().observations, Rng.fromSeed(4));
      const after = learner.save();
      for (const [name, { data }] of Object.entries(before.arrays)) {
        if (name.startsWith('critic')) expect(after.arrays[name]!.data).toEqual(data);
      }
      expect(after.metadata.critics).toEqual(before.metadata.critics);
      expect(after.metadata.actor).toEqual({ passes: 1 });

      useFusedKernels(false);
      const critics = makeCritics();
      const part = (prefix: string) =>
        Object.fromEntries(
          Object.entries(before.arrays)
            .filter(([name]) => name.startsWith(prefix))
            .map(([name, array]) => [name.slice(prefix.length), array]),
        );
      critics.load({ arrays: part('critics/'), metadata: { passes: 1 } });
      const evaluated = critics.createFolded();
      const actor = makeActor();
      const { observations } = makeBatch();
      const { value, grads } = tf.variableGrads(() => {
        const policy = new TanhNormal({
          ...{ head: actor.train(observations), minimumLogStd: -20, maximumLogStd: 2 },
        });
        const { sample, logProb } = policy.sampleAndLogProb(Rng.fromSeed(4));
        const values = evaluated.apply(tf.concat([observations, sample as tf.Tensor2D], 1));
        const smallest = tf.min(tf.squeeze(values, [2]), 0);
        return tf.mean(tf.sub(tf.mul(logProb, 0.3), smallest)) as tf.Scalar;
      }, [actor.parameters]);
      const gradient = readTensor(Object.values(grads)[0]!);
      expect(distance(firstGradient(after, 'actorOptimizer'), gradient)).toBeLessThan(1e-5);
      const reported = learner.actorMetrics() as { actorLoss: () => number };
      expect(reported.actorLoss()).toBeCloseTo(readTensor(value)[0]!, 5);
      for (const name of ['layer.0.mean', 'layer.2.variance']) {
        const moved = Array.from(after.arrays[`actor/${name}`]!.data, Number);
        expect(distance(moved, Array.from(actor.save().arrays[name]!.data, Number))).toBeLessThan(1e-6);
      }
      learner.dispose();
    });
  });

  it('acts, once it has settled, with the statistics and weights of now', () => {
    tf.tidy(() => {
      const learner = makeLearner();
      const { observations } = makeBatch();
      const start = learner.act(observations, undefined);
      learner.updateCritics(makeBatch(), Rng.fromSeed(3));
      expect(learner.act(observations, undefined)).toEqual(start);
      learner.updateActor(observations, Rng.fromSeed(4));
      const later = learner.act(observations, undefined);
      expect(distance(later, start)).toBeGreaterThan(1e-4);
      const loaded = makeLearner();
      loaded.load(copySnapshot(learner.save()));
      expect(loaded.act(observations, undefined)).toEqual(later);
      for (const one of [learner, loaded]) one.dispose();
    });
  });
});
