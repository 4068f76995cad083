import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import type { AgentPart } from '../learner/agent-parts.js';
import type { TransitionBatch } from '../learner/transition-replay.js';

export interface CriticUpdateOptions {
  /** Whether to compute `stateGradient`; default false. */
  readonly stateGradient?: boolean;
}

/** The result of one update of the critics; B is the batch size. */
export interface CriticUpdate {
  readonly metrics: {
    readonly criticLoss: tf.Scalar;
    /** Batch mean of the Bellman target. */
    readonly meanTarget: tf.Scalar | number;
    /** Loss of the state-value network, if there is one. */
    readonly valueLoss?: tf.Scalar;
  };
  /** Gradient of `criticLoss` with respect to the batch's observations, [B, state size], if it was asked for. */
  readonly stateGradient?: tf.Tensor2D;
}

export interface ActorUpdate {
  readonly actorLoss: tf.Scalar;
  /** Batch mean of the policy's entropy in nats; relative to the prior if that is not uniform. */
  readonly entropy: tf.Scalar | number;
}

/**
 * The networks of soft actor-critic and the three updates of its gradient step, in this order: critics, actor,
 * temperature. A state is whatever the caller computes from an observation and puts in its place in a batch. All
 * updates run in a tidy.
 */
export interface ActorCriticUpdates extends AgentPart {
  /** Coordinates of an action for each state, [B, d]: a sample, or the policy's mode without an `rng`. */
  act(states: tf.Tensor2D, rng: Rng | undefined): Float32Array;
  /** The current actor for a `PolicyDescription`; its tensors' names begin with `<part>/`. */
  describeActor(part: string): DescribedActor;
  /** One step of the critics on the soft Bellman error; then their targets follow. `noise` draws next actions. */
  updateCritics(batch: TransitionBatch, noise: Rng, options?: CriticUpdateOptions): CriticUpdate;
  /** One step of the actor toward what the critics say of these states. `noise` draws actions. */
  updateActor(states: tf.Tensor2D, noise: Rng): ActorUpdate;
  /** One step of a learned temperature. Returns the temperature from before the step, which the other updates used. */
  updateTemperature(entropy: ActorUpdate['entropy']): tf.Scalar | number;
  dispose(): void;
}
