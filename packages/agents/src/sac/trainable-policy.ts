import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import type { ActionCoordinates } from '../learner/action-coordinates.js';
import type { AgentPart } from '../learner/agent-parts.js';

export interface ActionSample {
  /** Reparameterized, [B, d]. */
  readonly action: tf.Tensor2D;
  /**
   * log pi(a | s) - log prior(a) in nats, [B]; up to a constant if the prior is uniform. It takes the place of log pi
   * in the actor's loss, the critics' target and the temperature's loss.
   */
  readonly logRatio: tf.Tensor1D;
}

/** pi(. | s) at each of a batch of states, over actions in the policy's coordinates. */
export interface ActionDistribution {
  sample(rng: Rng): ActionSample;
  /** The deterministic action for each state, [B, d]. */
  mode(): tf.Tensor2D;
  /** An extra term of the actor's loss, such as a regularizer of the policy's parameters. */
  penalty?(): tf.Scalar;
}

/** A policy that soft actor-critic can train. */
export interface TrainablePolicy extends AgentPart {
  /** The variables to train. */
  readonly variables: readonly tf.Variable[];
  /** Runs in a tidy; differentiable in the variables. */
  at(observations: tf.Tensor2D): ActionDistribution;
  /** The current policy for a `PolicyDescription`; its tensors' names begin with `<part>/`. */
  describe(part: string): DescribedActor;
  dispose(): void;
}

export interface PolicyOptions {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly rng: Rng;
}

/** The parts of soft actor-critic that another agent can replace. */
export interface ActorDesign {
  /** The agent's name, for messages. */
  readonly name: string;
  readonly coordinates: ActionCoordinates;
  readonly makePolicy: (options: PolicyOptions) => TrainablePolicy;
}
