import { readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ActionScaling } from '../action-scaling.js';
import type { TransitionBatch } from '../learner/transition-replay.js';
import { ActorCritic } from './actor-critic.js';
import { type SoftActorCriticConfig, softActorCriticConfig } from './config.js';
import { GaussianPolicy } from './gaussian-policy.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const [BATCH, STATE, ACTION] = [16, 5, 2];

function makeLearner(overrides: Partial<SoftActorCriticConfig> = {}, regularization = 0): ActorCritic {
  const config = softActorCriticConfig.parse({ hiddenSizes: [12], ...overrides });
  return new ActorCritic({
    stateSize: STATE,
    design: {
      name: 'test',
      coordinates: ActionScaling.of(new Box({ low: -1, high: 1, shape: [ACTION] }), 'test'),
      makePolicy: (options) => new GaussianPolicy({ ...options, hiddenSizes: [12], regularization }),
    },
    config,
    rng: Rng.fromSeed(1),
  });
}

function makeBatch(): TransitionBatch {
  const rng = Rng.fromSeed(2);
  const normal = (width: number) =>
    tensorOf<tf.Rank.R2>(
      Array.from({ length: BATCH * width }, () => rng.normal()),
      [BATCH, width],
    );
  return {
    observations: normal(STATE),
    actions: tf.tanh(normal(ACTION)),
    rewards: tf.squeeze(normal(1), [1]),
    nextObservations: normal(STATE),
    continues: tf.ones([BATCH]),
  };
}

/** One gradient step. */
function step(learner: ActorCritic, batch: TransitionBatch, noise: Rng) {
  const { metrics } = learner.updateCritics(batch, noise);
  const actor = learner.updateActor(batch.observations, noise);
  learner.updateTemperature(actor.entropy);
  return { ...metrics, ...actor };
}

describe('the gradient with respect to the states', () => {
  it.each([{ valueNetwork: false }, { valueNetwork: true, temperature: 1 }])(
    "is the gradient of the critics' loss with a constant target: %o",
    (form) => {
      const update = (change?: (states: Float32Array) => void) => {
        const learner = makeLearner(form);
        const batch = makeBatch();
        const { observations } = batch;
        const moved = readTensor(observations);
        change?.(moved);
        const { metrics, stateGradient } = learner.updateCritics(
          { ...batch, observations: tensorOf<tf.Rank.R2>(moved, observations.shape) },
          Rng.fromSeed(3),
          { stateGradient: true },
        );
        const result = {
          loss: readTensor(metrics.criticLoss)[0]!,
          gradient: readTensor(stateGradient!),
        };
        learner.dispose();
        return result;
      };
      const { gradient } = update();
      expect(gradient).toHaveLength(BATCH * STATE);
      const steepest = gradient.map(Math.abs).indexOf(Math.max(...gradient.map(Math.abs)));
      for (const entry of [steepest, 2, STATE + 1, BATCH * STATE - 1]) {
        const at = (offset: number) =>
          update((states) => {
            states[entry]! += offset;
          }).loss;
        const difference = (at(1e-2) - at(-1e-2)) / 2e-2;
        expect(Math.abs(gradient[entry]! - difference)).toBeLessThan(0.02 * Math.abs(difference) + 1e-3);
      }
      expect(Math.abs(gradient[steepest]!)).toBeGreaterThan(1e-2);
    },
  );

  it('changes nothing in what is learned, asked for or not', () => {
    const after = (stateGradient: boolean) => {
      const learner = makeLearner();
      learner.updateCritics(makeBatch(), Rng.fromSeed(3), { stateGradient });
      const { arrays } = learner.save();
      learner.dispose();
      return arrays;
    };
    expect(after(true)).toEqual(after(false));
  });

  it('is not computed unless asked for', () => {
    const learner = makeLearner();
    expect(learner.updateCritics(makeBatch(), Rng.fromSeed(3)).stateGradient).toBeUndefined();
    learner.dispose();
  });
});

describe('the target of n steps', () => {
  it.each([{ valueNetwork: false }, { valueNetwork: true }])(
    'counts the entropy along the way, weighted by the temperature: %o',
    (form) => {
      const targetOf = (own: Partial<TransitionBatch>) => {
        const learner = makeLearner({ ...form, temperature: 0.5 });
        const { meanTarget } = learner.updateCritics({ ...makeBatch(), ...own }, Rng.fromSeed(3)).metrics;
        learner.dispose();
        return readTensor(meanTarget as tf.Scalar)[0]!;
      };
      const logProbs = tf.range(0, BATCH) as tf.Tensor1D;
      expect(targetOf({ logProbs }) - targetOf({})).toBeCloseTo((-0.5 * (BATCH - 1)) / 2, 4);
      // Without a bootstrap it is all there is.
      const rewards = tf.fill([BATCH], 2) as tf.Tensor1D;
      const ended = { rewards, continues: tf.zeros([BATCH]) as tf.Tensor1D };
      expect(targetOf({ ...ended, logProbs })).toBeCloseTo(2 - (0.5 * (BATCH - 1)) / 2, 5);
    },
  );
});

describe('ActorCritic', () => {
  it('has critics that differ, before and after learning', () => {
    const learner = makeLearner();
    const members = () => {
      const { arrays } = learner.save();
      return [0, 1].map((m) => arrays[`critics/member.${m}.layer.0.weight`]!.data.slice());
    };
    const differ = () => {
      const [first, second] = members();
      return first!.filter((value, i) => value === second![i]).length < first!.length / 10;
    };
    expect(differ()).toBe(true);
    for (let i = 0; i < 5; i++) {
      step(learner, makeBatch(), Rng.fromSeed(i));
    }
    expect(differ()).toBe(true);
    learner.dispose();
  });

  it("adds the policy's regularizer to the actor's loss: mean(mean^2) + mean((log std)^2)", () => {
    const losses = [0, 2].map((regularization) => {
      const learner = makeLearner({}, regularization);
      const loss = readTensor(step(learner, makeBatch(), Rng.fromSeed(3)).actorLoss)[0]!;
      learner.dispose();
      return loss;
    });
    // The same network by hand, at the states that the actor saw.
    const learner = makeLearner();
    const { arrays } = learner.save();
    learner.dispose();
    const matrix = (name: string) => {
      const { shape, data } = arrays[`actor/${name}`]!;
      return tensorOf(data as Float32Array, [...shape]);
    };
    const squares = tf.tidy(() => {
      const states = makeBatch().observations;
      const hidden = tf.relu(
        tf.add(tf.matMul(states, matrix('layer.0.weight') as tf.Tensor2D), matrix('layer.0.bias')),
      );
      const head = tf.add(
        tf.matMul(hidden as tf.Tensor2D, matrix('layer.1.weight') as tf.Tensor2D),
        matrix('layer.1.bias'),
      );
      // Both halves have the same number of entries, and no standard deviation is clamped this early.
      return 2 * readTensor(tf.mean(tf.square(head)))[0]!;
    });
    expect(losses[1]! - losses[0]!).toBeCloseTo(2 * squares, 4);
  });
});
