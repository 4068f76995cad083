import { InvalidInputError, type Rng, requireCount, requireLength, type TabularMdp } from '@maxent/core';
import { Categorical } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';

/** Sampled trajectories, all [trajectories, horizon], for `trajectoryControlElbo` and `perStepControlElbo`. */
export interface Trajectories {
  /** s_t, int32. */
  readonly states: tf.Tensor2D;
  /** a_t, int32. */
  readonly actions: tf.Tensor2D;
  /** r(s_t, a_t). */
  readonly rewards: tf.Tensor2D;
  /** 1 for steps that were taken, 0 from a terminal state on. */
  readonly active: tf.Tensor2D;
}

export interface SampleTrajectoriesOptions {
  /** pi_t(a | s), [T, states, actions], or one for all steps, [states, actions]. */
  readonly policy: ArrayLike<number>;
  readonly horizon: number;
  /** The number of trajectories. */
  readonly trajectories: number;
  readonly rng: Rng;
}

/**
 * Samples trajectories under the true dynamics. Rewards are the expected rewards r(s, a), which define the optimality
 * variables. The caller owns the tensors.
 *
 * @throws InvalidInputError if the policy's length fits neither form, or a row of it has no positive finite sum.
 */
export function sampleTrajectories(
  mdp: TabularMdp,
  { policy, horizon, trajectories, rng }: SampleTrajectoriesOptions,
): Trajectories {
  requireCount('horizon', horizon);
  requireCount('trajectories', trajectories);
  requireAnswerMemory(
    'trajectories',
    2 * trajectories * horizon,
    `${trajectories} trajectories of ${horizon} steps`,
  );
  const { actionCount, stateCount, transition } = mdp;
  const rows = stateCount * actionCount;
  const stationary = policy.length === rows;
  if (!stationary) requireLength('policy', policy, horizon * rows);
  const probs = Float64Array.from(policy);
  const shape: [number, number] = [trajectories, horizon];
  const states = new Int32Array(trajectories * horizon);
  const actions = new Int32Array(trajectories * horizon);
  const rewards = new Float32Array(trajectories * horizon);
  const active = new Float32Array(trajectories * horizon);
  for (let trajectory = 0; trajectory < trajectories; trajectory++) {
    let state = rng.categorical(mdp.initial);
    for (let t = 0; t < horizon; t++) {
      const index = trajectory * horizon + t;
      states[index] = state;
      if (mdp.terminal[state] === 1) continue;
      const start = (stationary ? 0 : t * rows) + state * actionCount;
      const action = rng.categorical(probs.subarray(start, start + actionCount));
      const row = state * actionCount + action;
      actions[index] = action;
      rewards[index] = mdp.reward[row]!;
      active[index] = 1;
      const first = transition.rowOffsets[row]!;
      const next = rng.categorical(transition.values.subarray(first, transition.rowOffsets[row + 1]!));
      state = transition.columns[first + next]!;
    }
  }
  return {
    states: tf.tensor2d(states, shape, 'int32'),
    actions: tf.tensor2d(actions, shape, 'int32'),
    rewards: tf.tensor2d(rewards, shape),
    active: tf.tensor2d(active, shape),
  };
}

/**
 * Returns the policy softmax(logits) in visited states, with batch shape [trajectories, horizon]; differentiable in the
 * logits.
 *
 * @param logits [T, states, actions], or one table for all steps, [states, actions].
 * @param states [trajectories, T], int32.
 * @throws InvalidInputError if the two shapes do not fit each other.
 */
export function tabularPolicy(logits: tf.Tensor, states: tf.Tensor2D): Categorical {
  const [, horizon] = states.shape;
  const [stateCount, actionCount] = logits.shape.slice(-2);
  if (logits.rank !== 2 && (logits.rank !== 3 || logits.shape[0] !== horizon)) {
    throw new InvalidInputError(
      'logits',
      `expected shape [states, actions] or [${horizon}, states, actions], got [${logits.shape}]`,
    );
  }
  const rowOfStep = logits.rank === 2 ? 0 : stateCount!;
  return new Categorical(
    tf.tidy(() => {
      const offsets = tf.mul(tf.range(0, horizon, 1, 'int32'), tf.scalar(rowOfStep, 'int32'));
      const table = tf.reshape(logits, [-1, actionCount!]) as tf.Tensor2D;
      return tf.gather(table, tf.add(states, offsets));
    }),
  );
}
