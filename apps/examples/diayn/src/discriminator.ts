import { type AgentPart, joinParts, networkPart } from '@maxent/agents';
import type { Rng, Snapshot } from '@maxent/core';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface DiscriminatorOptions {
  /** Size of a state as the discriminator is given it. */
  readonly stateSize: number;
  /** The entries of a state that it looks at; null for all. */
  readonly sees: readonly number[] | null;
  readonly skills: number;
  readonly hiddenSizes: readonly number[];
  readonly learningRate: number;
  /** For the initial weights. */
  readonly rng: Rng;
}

/** q(z | s), which guesses the skill from a state: a softmax over skills, and its optimizer. */
export class Discriminator implements AgentPart {
  private readonly sees: readonly number[] | null;
  private readonly network: Mlp;
  private readonly optimizer: Adam;
  private readonly parts: Required<AgentPart>;

  constructor({ stateSize, sees, skills, hiddenSizes, learningRate, rng }: DiscriminatorOptions) {
    this.sees = sees;
    this.network = new Mlp({ inputSize: sees?.length ?? stateSize, hiddenSizes, outputSize: skills, rng });
    this.optimizer = new Adam([this.network.parameters], { learningRate });
    this.parts = joinParts('diayn', { network: networkPart(this.network), optimizer: this.optimizer });
  }

  /** log q(. | s) of each state, [B, skills]. Runs in a tidy. */
  logProbs(states: tf.Tensor2D): tf.Tensor2D {
    const seen = this.sees === null ? states : tf.gather(states, [...this.sees], 1);
    return tf.logSoftmax(this.network.apply(seen));
  }

  /** log q(z | s) of each state and skill, [B]; skills are one-hot. Runs in a tidy. */
  logProbsOf(states: tf.Tensor2D, skills: tf.Tensor2D): tf.Tensor1D {
    return tf.sum(tf.mul(this.logProbs(states), skills), 1);
  }

  /** One step on the cross-entropy, the batch mean of -log q(z | s), which it returns. Runs in a tidy. */
  learn(states: tf.Tensor2D, skills: tf.Tensor2D): tf.Scalar {
    const { loss, gradients } = lossAndGradients(
      () => tf.neg(tf.mean(this.logProbsOf(states, skills))),
      [this.network.parameters],
    );
    this.optimizer.step(gradients);
    return loss;
  }

  save(): Snapshot {
    return this.parts.save();
  }

  load(snapshot: Snapshot): void {
    this.parts.load(snapshot);
  }

  dispose(): void {
    this.parts.dispose();
  }
}
