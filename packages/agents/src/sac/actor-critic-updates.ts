import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import type { AgentPart } from '../learner/agent-parts.js';
import type { TransitionBatch } from '../learner/transition-replay.js';

export interface CriticUpdateOptions {
  /** Whether `stateGradient` is wanted; default false. */
  readonly stateGradient?: boolean;
}

/** Of one update of the critics; B is the batch size. */
export interface CriticUpdate {
  readonly metrics: {
    readonly criticLoss: tf.Scalar;
    /** Batch mean of the Bellman target. */
    readonly meanTarget: tf.Scalar | number;
    /** Of a state-value network, where there is one. */
    readonly valueLoss?: tf.Scalar;
  };
  /** Of `criticLoss` by the batch's observations, [B, state size], if it was asked for. */
  readonly stateGradient?: tf.Tensor2D;
}

export interface ActorUpdate {
  readonly actorLoss: tf.Scalar;
  /** Batch mean of the policy's entropy, in nats; relative to the prior, where that is not uniform. */
  readonly entropy: tf.Scalar | number;
}

/**
 * The networks of soft actor-critic and the three updates of its gradient step, which come in this order: critics, actor,
 * temperature. States are whatever the caller makes of observations and puts in their place in a batch. All run in a tidy.
 */
export interface ActorCriticUpdates extends AgentPart {
  /** Coordinates of an action for each state, [B, d]: samples, or without an `rng` the policy's modes. */
  act(states: tf.Tensor2D, rng: Rng | undefined): Float32Array;
  /** The actor as it is now; its tensors have names behind `<part>/`. For a `PolicyDescription`. */
  describeActor(part: string): DescribedActor;
  /** One step of the critics on the soft Bellman error, after which their targets follow. `noise` draws next actions. */
  updateCritics(batch: TransitionBatch, noise: Rng, options?: CriticUpdateOptions): CriticUpdate;
  /** One step of the actor towards what the critics say of these states. `noise` draws actions. */
  updateActor(states: tf.Tensor2D, noise: Rng): ActorUpdate;
  /** One step of a temperature that is learned. Gives the temperature of before, which the other updates had. */
  updateTemperature(entropy: ActorUpdate['entropy']): tf.Scalar | number;
  dispose(): void;
}
