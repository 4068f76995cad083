import { readTensor, standardNormal } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { hostLoss } from '../host-loss.js';
import { steinDirections } from './stein.js';

export interface SamplingNetworkOptions {
  readonly observationSize: number;
  /** d, the number of dimensions of an action and of the noise. */
  readonly actionSize: number;
  readonly hiddenSizes: readonly number[];
  readonly learningRate: number;
  /** Actions of each state that show where the density grows, at least 2. */
  readonly fixedParticles: number;
  /** Actions of each state that are moved toward it. */
  readonly updatedParticles: number;
  readonly rng: Rng;
}

/**
 * log p of each action up to a constant for its state, [rows], differentiable in `actions`: here Q / temperature.
 *
 * @param observations [rows, observation size]
 * @param actions in the cube, [rows, d].
 */
export type LogDensity = (observations: tf.Tensor2D, actions: tf.Tensor2D) => tf.Tensor1D;

export interface SteinStatistics {
  /** Mean length of the directions in which actions should move, 0 for a perfect sampler. */
  readonly directionLength: number;
  /** Mean over states of the kernel's bandwidth h. */
  readonly bandwidth: number;
}

/**
 * An implicit policy (Haarnoja et al. 2017, arXiv 1702.08165, section 3.3): a = tanh(u), u = noise + f(s, noise), with
 * standard normal noise of the action's size. It is easy to sample and can take any shape, with several modes; its
 * density is unknown.
 *
 * The paper has u = f(s, noise). A new network's f hardly depends on the noise, so all actions would start in one place
 * and, if that is near one mode of the density, would never find another. With the noise added they start spread over
 * the whole cube.
 */
export class SamplingNetwork {
  readonly network: Mlp;
  readonly optimizer: Adam;

  constructor(private readonly options: SamplingNetworkOptions) {
    const { observationSize, actionSize, hiddenSizes, learningRate, rng } = options;
    this.network = new Mlp({
      inputSize: observationSize + actionSize,
      hiddenSizes,
      outputSize: actionSize,
      rng,
    });
    this.optimizer = new Adam([this.network.parameters], { learningRate });
  }

  /**
   * `perState` actions for each observation, before squashing, [B * perState, d], state after state. Differentiable in
   * the parameters.
   */
  draw(observations: tf.Tensor2D, perState: number, rng: Rng): tf.Tensor2D {
    const rows = observations.shape[0] * perState;
    const noise = standardNormal<tf.Rank.R2>([rows, this.options.actionSize], rng);
    return this.apply(repeatRows(observations, perState), noise);
  }

  /** noise + f(s, noise) of each row, [rows, d]. */
  apply(observations: tf.Tensor2D, noise: tf.Tensor2D): tf.Tensor2D {
    return tf.add(noise, this.network.apply([observations, noise]));
  }

  /**
   * One step of amortized Stein variational gradient descent toward p (equations 13 and 14). It works before squashing,
   * where the space has no boundary: the density of u is p(tanh u) prod_i (1 - tanh(u_i)^2), with the score
   *
   *   grad_u log p(tanh u) - 2 tanh u.
   *
   * The parameters follow the updated actions, which get only a direction: the density's gradient is taken at the fixed
   * actions, with respect to the actions alone.
   */
  improve(observations: tf.Tensor2D, logDensity: LogDensity, rng: Rng): SteinStatistics {
    const { fixedParticles, updatedParticles, actionSize } = this.options;
    let statistics: SteinStatistics | undefined;
    tf.tidy(() => {
      const fixed = this.draw(observations, fixedParticles, rng);
      const particles = {
        fixed: readTensor(fixed),
        scores: scoresBeforeSquashing(repeatRows(observations, fixedParticles), fixed, logDensity),
        fixedCount: fixedParticles,
        updatedCount: updatedParticles,
        size: actionSize,
      };
      const { gradients } = lossAndGradients(
        () =>
          hostLoss(this.draw(observations, updatedParticles, rng), (updated, gradient) => {
            const bandwidth = steinDirections({ ...particles, updated }, gradient);
            statistics = { directionLength: meanLength(gradient, actionSize), bandwidth };
            // Adam descends, so this gradient is minus the direction, averaged over actions.
            const count = updated.length / actionSize;
            for (let i = 0; i < gradient.length; i++) gradient[i]! /= -count;
            return 0;
          }),
        [this.network.parameters],
      );
      this.optimizer.step(gradients);
    });
    return statistics!;
  }
}

/** grad_u of log p(tanh u) + sum_i log(1 - tanh(u_i)^2) at each row of `raw`, [rows, d]. */
export function scoresBeforeSquashing(
  observations: tf.Tensor2D,
  raw: tf.Tensor2D,
  logDensity: LogDensity,
): Float32Array {
  const scores = tf.tidy(() => {
    const total = (u: tf.Tensor) => tf.sum(logDensity(observations, tf.tanh(u) as tf.Tensor2D));
    return tf.sub(tf.grad(total)(raw), tf.mul(2, tf.tanh(raw)));
  });
  // Outside the tidy, which would search each entry of the array for tensors.
  const values = readTensor(scores);
  scores.dispose();
  return values;
}

/** Each row repeated `times` times in a row, [rows * times, columns]. */
export function repeatRows(rows: tf.Tensor2D, times: number): tf.Tensor2D {
  const [count, columns] = rows.shape;
  return tf.tidy(() => tf.reshape(tf.tile(tf.expandDims(rows, 1), [1, times, 1]), [count * times, columns]));
}

function meanLength(vectors: Float32Array, size: number): number {
  let sum = 0;
  for (let first = 0; first < vectors.length; first += size) {
    let squared = 0;
    for (let i = first; i < first + size; i++) squared += vectors[i]! ** 2;
    sum += Math.sqrt(squared);
  }
  return (sum * size) / vectors.length;
}
