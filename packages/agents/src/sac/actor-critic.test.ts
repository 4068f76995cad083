import { readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ActionScaling } from '../action-scaling.js';
import type { ContinuousBatch } from '../continuous-replay.js';
import { ActorCritic, type StateCompletion } from './actor-critic.js';
import { type SoftActorCriticConfig, softActorCriticConfig } from './config.js';
import { GaussianPolicy } from './gaussian-policy.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const [BATCH, OBSERVATION, ACTION, LATENT] = [16, 3, 2, 2];

function makeLearner(overrides: Partial<SoftActorCriticConfig> = {}, regularization = 0): ActorCritic {
  const config = softActorCriticConfig.parse({ hiddenSizes: [12], ...overrides });
  return new ActorCritic({
    stateSize: OBSERVATION + LATENT,
    design: {
      name: 'test',
      coordinates: ActionScaling.of(new Box({ low: -1, high: 1, shape: [ACTION] }), 'test'),
      makePolicy: (options) => new GaussianPolicy({ ...options, hiddenSizes: [12], regularization }),
    },
    config,
    rng: Rng.fromSeed(1),
  });
}

function makeBatch(): ContinuousBatch {
  const rng = Rng.fromSeed(2);
  const normal = (width: number) =>
    tensorOf<tf.Rank.R2>(
      Array.from({ length: BATCH * width }, () => rng.normal()),
      [BATCH, width],
    );
  return {
    observations: normal(OBSERVATION),
    actions: tf.tanh(normal(ACTION)),
    rewards: tf.squeeze(normal(1), [1]),
    nextObservations: normal(OBSERVATION),
    continues: tf.ones([BATCH]),
  };
}

/** Appends a vector that is learnt to every observation. */
class LearntVector implements StateCompletion {
  readonly vector = tf.variable(tf.tensor1d([0.3, -0.7]));
  readonly variables = [this.vector];
  calls = 0;
  gradient: Float32Array | undefined;

  /** What the critics' loss sees is moved by `offset`, and nothing else. */
  constructor(private readonly offset: readonly number[] = [0, 0]) {}

  complete() {
    this.calls += 1;
    const seen = this.calls === 1 ? this.vector : tf.add(this.vector, tf.tensor1d([...this.offset]));
    return {
      of: (observations: tf.Tensor2D) =>
        tf.concat([observations, tf.add(tf.zeros([BATCH, LATENT]), seen)], 1) as tf.Tensor2D,
      penalty: () => tf.mul(tf.sum(tf.square(seen)), 0.1) as tf.Scalar,
    };
  }

  learn([gradient]: readonly tf.Tensor[]): void {
    this.gradient = readTensor(gradient!);
  }
}

/** One step from the same beginning, and what the critics' loss was. */
function step(overrides: Partial<SoftActorCriticConfig>, completion: LearntVector): number {
  const learner = makeLearner(overrides);
  learner.step(() => ({ batch: makeBatch(), completion }), Rng.fromSeed(3));
  const { criticLoss, penalty } = learner.metrics();
  learner.dispose();
  return criticLoss! + penalty!;
}

describe('a completion of states', () => {
  it.each([{ valueNetwork: false }, { valueNetwork: true, temperature: 1 }])(
    "receives the gradient of critics' loss and penalty, and of no other loss: %o",
    (form) => {
      const completion = new LearntVector();
      step(form, completion);
      // Once for all that sees it as a constant, once for the loss that it learns from.
      expect(completion.calls).toBe(2);
      for (const entry of [0, 1]) {
        const at = (offset: number) =>
          step(form, new LearntVector([0, 0].map((_, i) => (i === entry ? offset : 0))));
        const difference = (at(1e-2) - at(-1e-2)) / 2e-2;
        expect(Math.abs(difference)).toBeGreaterThan(1e-3);
        expect(Math.abs(completion.gradient![entry]! - difference)).toBeLessThan(
          0.01 * Math.abs(difference) + 1e-3,
        );
      }
    },
  );

  it('changes nothing for actor, value and temperature when only the loss of the critics sees it move', () => {
    const after = (offset: readonly number[], valueNetwork: boolean) => {
      const learner = makeLearner({ valueNetwork });
      const { actor } = learner;
      const before = readTensor(actor.variables[0]!);
      // Critics that do not learn: what they say to the others is then the same in both cases.
      const frozen = makeLearner({ valueNetwork, criticLearningRate: 1e-30 });
      frozen.step(() => ({ batch: makeBatch(), completion: new LearntVector(offset) }), Rng.fromSeed(3));
      const moved = readTensor(frozen.actor.variables[0]!);
      learner.dispose();
      frozen.dispose();
      return { before, moved };
    };
    for (const valueNetwork of [true, false]) {
      const still = after([0, 0], valueNetwork);
      expect(after([2, -1], valueNetwork).moved).toEqual(still.moved);
      expect(still.moved).not.toEqual(still.before);
    }
  });
});

describe('ActorCritic', () => {
  it('has critics that differ, at first and after learning', () => {
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
      learner.step(() => ({ batch: makeBatch(), completion: new LearntVector() }), Rng.fromSeed(i));
    }
    expect(differ()).toBe(true);
    learner.dispose();
  });

  it("adds the policy's regulariser to the actor's loss: mean(mean^2) + mean(log deviation^2)", () => {
    const losses = [0, 2].map((regularization) => {
      const learner = makeLearner({}, regularization);
      learner.step(() => ({ batch: makeBatch(), completion: new LearntVector() }), Rng.fromSeed(3));
      const loss = learner.metrics().actorLoss!;
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
      const states = new LearntVector().complete().of(makeBatch().observations);
      const hidden = tf.relu(
        tf.add(tf.matMul(states, matrix('layer.0.weight') as tf.Tensor2D), matrix('layer.0.bias')),
      );
      const head = tf.add(
        tf.matMul(hidden as tf.Tensor2D, matrix('layer.1.weight') as tf.Tensor2D),
        matrix('layer.1.bias'),
      );
      // Both halves have as many entries, and no deviation is clamped this early.
      return 2 * readTensor(tf.mean(tf.square(head)))[0]!;
    });
    expect(losses[1]! - losses[0]!).toBeCloseTo(2 * squares, 4);
  });
});
