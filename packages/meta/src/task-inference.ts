import { type AgentPart, joinParts, type StepMetrics } from '@maxent/agents';
import { joinColumns, readTensor, standardNormal, tensorOf, withoutGradient } from '@maxent/backend';
import type { Rng, Snapshot } from '@maxent/core';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { divergenceFromPrior, sampleBeliefs } from './beliefs.js';
import type { ContextEncoder } from './encoders/context-encoder.js';

export interface TaskInferenceOptions {
  readonly encoder: ContextEncoder;
  readonly learningRate: number;
  /** Weight of the KL divergence from the prior, summed over the tasks of a batch. */
  readonly klWeight: number;
}

export interface InferredTasks {
  /** A draw from the belief of each task, [tasks, latent size]. */
  readonly latents: Float32Array;
  /** The critics' metrics, and `klFromPrior`: KL(q || N(0, I)) in nats, averaged over tasks. */
  readonly metrics: StepMetrics;
}

/** The result of the critics' update on latents. */
export interface LearnedCritics {
  /** Gradient of the critics' loss with respect to the latents, [tasks, latent size]. */
  readonly gradient: tf.Tensor2D;
  readonly metrics: StepMetrics;
}

/**
 * The encoder and how it learns: only from the critics' Bellman error and the KL divergence from the prior (Rakelly et
 * al. 2019, algorithm 1).
 *
 * The authors' critics minimize the plain squared error, those in `ActorCritic` half of it. The divergence is halved
 * too, so that `klWeight` means the same as in the authors' code.
 */
export class TaskInference implements AgentPart {
  readonly encoder: ContextEncoder;
  private readonly optimizer: Adam;
  private readonly parts: Required<AgentPart>;

  constructor(private readonly options: TaskInferenceOptions) {
    const { encoder, learningRate } = options;
    this.encoder = encoder;
    this.optimizer = new Adam(encoder.variables, { learningRate });
    this.parts = joinParts('pearl', { encoder, encoderOptimizer: this.optimizer });
  }

  /**
   * Infers tasks, once, and takes one step of the encoder. To everything else the latents are constants: by the chain
   * rule, the encoder only needs the gradient of the critics' loss with respect to them. Runs in a tidy.
   *
   * @param context [tasks, transitions, row size]
   * @param noise one latent is drawn for each task.
   * @param learnCritics takes the latents, [tasks, latent size].
   */
  learn(
    context: tf.Tensor3D,
    noise: Rng,
    learnCritics: (latents: Float32Array) => LearnedCritics,
  ): InferredTasks {
    const { encoder, optimizer } = this;
    const { klWeight } = this.options;
    let inferred: InferredTasks | undefined;
    const { gradients } = lossAndGradients(() => {
      const beliefs = encoder.infer(context);
      const draws = standardNormal<tf.Rank.R2>(beliefs.mean.shape, noise);
      const drawn = sampleBeliefs(beliefs, draws);
      const divergences = divergenceFromPrior(beliefs);
      const latents = readTensor(drawn);
      const { gradient, metrics } = withoutGradient(() => learnCritics(latents));
      inferred = { latents, metrics: { ...metrics, klFromPrior: tf.mean<tf.Scalar>(divergences) } };
      // These outlive the tidy of this loss.
      for (const value of Object.values(inferred.metrics)) if (value instanceof tf.Tensor) tf.keep(value);
      const ofCritics = tf.sum(tf.mul(drawn, gradient));
      return tf.add(ofCritics, tf.mul(tf.sum(divergences), klWeight / 2));
    }, encoder.variables);
    optimizer.step(gradients);
    return inferred!;
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

/** Appends to every observation the latent of its task; task k has the rows k * B to (k + 1) * B - 1. */
export function appendTasks(observations: tf.Tensor2D, latents: Float32Array, tasks: number): tf.Tensor2D {
  const size = latents.length / tasks;
  if (size === 0) return observations;
  return joinColumns(observations, tensorOf<tf.Rank.R2>(latents, [tasks, size]));
}

/**
 * Turns the gradient with respect to states of `appendTasks` into the gradient with respect to latents, [tasks, latent
 * size].
 */
export function gradientByTasks(stateGradient: tf.Tensor2D, latentSize: number, tasks: number): tf.Tensor2D {
  const [rows, stateSize] = stateGradient.shape;
  const ofLatents = tf.slice(stateGradient, [0, stateSize - latentSize], [rows, latentSize]);
  return tf.sum(tf.reshape(ofLatents, [tasks, rows / tasks, latentSize]), 1);
}
