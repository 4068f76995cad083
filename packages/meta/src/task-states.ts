import type { CompletedStates, StateCompletion } from '@maxent/agents';
import { fillTensor } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import type { Adam } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { divergenceFromPrior, sampleBeliefs } from './beliefs.js';
import type { ContextEncoder } from './encoders/context-encoder.js';

/** Appends the latent of its task to every observation: task k's are rows k * B to (k + 1) * B - 1. */
export function appendTasks(observations: tf.Tensor2D, latents: tf.Tensor2D): tf.Tensor2D {
  const [tasks, size] = latents.shape;
  const rows = observations.shape[0] / tasks;
  // Adding zeros repeats as tiling does, and its gradient is one sum.
  const repeated = tf.add(tf.expandDims(latents, 1), tf.zeros([1, rows, size]));
  return tf.concat([observations, tf.reshape(repeated, [tasks * rows, size])], 1) as tf.Tensor2D;
}

export interface InferredTasksOptions {
  readonly encoder: ContextEncoder;
  readonly optimizer: Adam;
  readonly latentSize: number;
  /** Weight of the divergence from the prior, summed over the tasks of a batch. */
  readonly klWeight: number;
  /** [tasks, transitions, row size] */
  readonly context: tf.Tensor3D;
  /** One latent is drawn for each task. */
  readonly noise: Rng;
}

/**
 * States with a latent task drawn from what the encoder infers. The encoder learns from the critics' Bellman error
 * and the divergence from the prior alone (Rakelly et al. 2019, algorithm 1).
 *
 * The authors' critics minimise the plain squared error, those of `ActorCritic` half of it; the divergence is halved
 * too, so that `klWeight` means the same as there.
 */
export class InferredTasks implements StateCompletion {
  private readonly noise: tf.Tensor2D;

  constructor(private readonly options: InferredTasksOptions) {
    const { context, latentSize, noise } = options;
    this.noise = fillTensor<tf.Rank.R2>([context.shape[0], latentSize], (values) => noise.fillNormal(values));
  }

  get variables(): readonly tf.Variable[] {
    return this.options.encoder.variables;
  }

  complete(): CompletedStates {
    const { encoder, context, klWeight } = this.options;
    const beliefs = encoder.infer(context);
    const latents = sampleBeliefs(beliefs, this.noise);
    return {
      of: (observations) => appendTasks(observations, latents),
      penalty: () => tf.mul(tf.sum(divergenceFromPrior(beliefs)), klWeight / 2) as tf.Scalar,
    };
  }

  learn(gradients: readonly tf.Tensor[]): void {
    this.options.optimizer.step(gradients);
  }
}
