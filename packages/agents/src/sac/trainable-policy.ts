import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import type { ActionCoordinates } from '../learner/action-coordinates.js';
import type { AgentPart } from '../learner/agent-parts.js';

export interface ActionSample {
  /** Reparameterized, [B, d]. */
  readonly action: tf.Tensor2D;
  /**
   * log pi(a | s) - log prior(a) in nats, [B]; up to a constant where the prior is one. It takes the place of log pi in
   * the actor's loss, in the critics' target and in the temperature's.
   */
  readonly logRatio: tf.Tensor1D;
}

/** pi(. | s) at each of a batch of states, over actions in the policy's coordinates. */
export interface ActionDistribution {
  sample(rng: Rng): ActionSample;
  /** What the policy does when it is to be deterministic, [B, d]. */
  mode(): tf.Tensor2D;
  /** What the actor's loss has in addition, such as a regularizer of the policy's parameters. */
  penalty?(): tf.Scalar;
}

/** A policy that soft actor-critic can train. */
export interface TrainablePolicy extends AgentPart {
  /** What is trained. */
  readonly variables: readonly tf.Variable[];
  /** Runs in a tidy; differentiable in the variables. */
  at(observations: tf.Tensor2D): ActionDistribution;
  /** As it is now, with its tensors' names behind `<part>/`; for a `PolicyDescription`. */
  describe(part: string): DescribedActor;
  dispose(): void;
}

export interface PolicyOptions {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly rng: Rng;
}

/** What soft actor-critic is made of besides its critics. */
export interface ActorDesign {
  /** The agent's name, for messages. */
  readonly name: string;
  readonly coordinates: ActionCoordinates;
  readonly makePolicy: (options: PolicyOptions) => TrainablePolicy;
}
