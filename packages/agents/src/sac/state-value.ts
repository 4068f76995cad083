import { polyakStep } from '@maxent/backend';
import type { Rng, Snapshot } from '@maxent/core';
import { Adam, type LearningRateSchedule, lossAndGradients, Mlp } from '@maxent/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { type AgentPart, joinParts, networkPart } from '../learner/agent-parts.js';
import { criticLoss } from './losses.js';

export interface StateValueOptions {
  readonly inputSize: number;
  readonly hiddenSizes: readonly number[];
  readonly layerNormalization?: boolean | undefined;
  readonly learningRate: number;
  readonly maxGradientNorm?: number | null;
  readonly schedule?: LearningRateSchedule;
  readonly rng: Rng;
}

/**
 * The state-value network of soft actor-critic's first version (Haarnoja et al. 2018, arXiv 1801.01290, section 4.2)
 * and its slowly moving average. The critics bootstrap from the average.
 */
export class StateValue implements AgentPart {
  private readonly network: Mlp;
  private readonly target: Mlp;
  private readonly optimizer: Adam;
  private readonly parts: Required<AgentPart>;

  constructor({ inputSize, hiddenSizes, layerNormalization, rng, ...optimizer }: StateValueOptions) {
    this.network = new Mlp({ inputSize, hiddenSizes, outputSize: 1, layerNormalization, rng });
    this.target = this.network.createTarget();
    this.optimizer = new Adam([this.network.parameters], optimizer);
    this.parts = joinParts('sac', {
      network: networkPart(this.network),
      target: networkPart(this.target),
      optimizer: this.optimizer,
    });
  }

  /** V of the slowly moving average, [B, 1]. */
  ofTarget(observations: tf.Tensor2D): tf.Tensor2D {
    return this.target.apply(observations);
  }

  /** One gradient step on equation 5, the batch mean of (V(s) - target)^2 / 2; returns it. */
  learn(observations: tf.Tensor2D, target: tf.Tensor1D): tf.Scalar {
    const { loss, gradients } = lossAndGradients(
      () => criticLoss(this.network.apply(observations), target),
      [this.network.parameters],
    );
    this.optimizer.step(gradients);
    return loss;
  }

  /** Moves the average by this fraction of its distance to the network. */
  follow(rate: number): void {
    polyakStep(this.target.parameters, this.network.parameters, rate);
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
