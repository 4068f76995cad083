import { repeatRows, squash, standardNormal, steinDirections, withoutGradient } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { inScope } from '../in-scope.js';

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
  readonly directionLength: tf.Scalar;
  /** Mean over states of the kernel's bandwidth h. */
  readonly bandwidth: tf.Scalar;
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
    return this.apply(
      withoutGradient(() => repeatRows(observations, perState)),
      noise,
    );
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
   * actions, with respect to the actions alone. Runs in a tidy.
   */
  improve(observations: tf.Tensor2D, logDensity: LogDensity, rng: Rng): SteinStatistics {
    const { fixedParticles, updatedParticles, actionSize } = this.options;
    const [states] = observations.shape;
    const ofStates = (rows: tf.Tensor2D): tf.Tensor3D => tf.reshape(rows, [states, -1, actionSize]);
    const drawn = this.draw(observations, fixedParticles, rng);
    const fixed = ofStates(drawn);
    const scores = ofStates(
      scoresBeforeSquashing(repeatRows(observations, fixedParticles), drawn, logDensity),
    );
    let statistics: SteinStatistics | undefined;
    const { gradients } = lossAndGradients(() => {
      const updated = ofStates(this.draw(observations, updatedParticles, rng));
      const { directions, meanLength, meanBandwidth } = steinDirections({ fixed, scores, updated });
      statistics = { directionLength: tf.keep(meanLength), bandwidth: tf.keep(meanBandwidth) };
      // Adam descends, so the gradient of this loss in an action is minus its direction, averaged over actions.
      const actions = states * updatedParticles;
      return tf.mul(tf.sum<tf.Scalar>(tf.mul(updated, directions)), -1 / actions);
    }, [this.network.parameters]);
    this.optimizer.step(gradients);
    const { directionLength, bandwidth } = statistics!;
    return { directionLength: inScope(directionLength), bandwidth: inScope(bandwidth) };
  }
}

/** grad_u of log p(tanh u) + sum_i log(1 - tanh(u_i)^2) at each row of `raw`, [rows, d]. */
export function scoresBeforeSquashing(
  observations: tf.Tensor2D,
  raw: tf.Tensor2D,
  logDensity: LogDensity,
): tf.Tensor2D {
  const total = (u: tf.Tensor) => {
    const { y: actions, logDet } = squash(u);
    return tf.sum(tf.add(logDensity(observations, actions), logDet));
  };
  return tf.grad(total)(raw) as tf.Tensor2D;
}
