import { DivergenceError, Rng, requireCount } from '@maxent/core';
import { DiagonalNormal, type Distribution } from '@maxent/distributions';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { analyticKlElbo } from './analytic-kl-elbo.js';
import { requireFiniteBound } from './require-finite-bound.js';

export interface PosteriorProblem {
  /** p(z), with a closed-form divergence from diagonal normals. */
  readonly prior: Distribution;
  /** Returns log p(x | z) for draws z, [K, ...batch, size] -> [K, ...batch]. Called inside `tf.tidy`. */
  readonly logLikelihood: (latent: tf.Tensor) => tf.Tensor;
  /** K, the number of draws from the posterior in each estimate. */
  readonly numParticles: number;
  readonly rng: Rng;
}

export interface FitPosteriorOptions extends PosteriorProblem {
  /** Where to start: for example, the prior or an encoder's posterior. */
  readonly initial: DiagonalNormal;
  /** Number of steps of Adam. */
  readonly steps: number;
  /** The learning rate of Adam. */
  readonly learningRate: number;
}

/**
 * Fits a posterior without an encoder: raises the ELBO of each datum by stochastic gradient ascent on its own mean and
 * logarithm of the standard deviation (Hoffman et al. 2013; Kingma and Welling 2014), with `analyticKlElbo`. Returns
 * the mean of the iterates over the second half of the steps, in which the noise of single iterates cancels (Polyak and
 * Juditsky 1992). The model does not change. The posterior's two tensors are new.
 *
 * @throws InvalidInputError if `steps` is not a positive integer, Adam's learning rate is out of range, or the bound of
 * the initial posterior is not finite.
 * @throws DivergenceError if the steps lead to numbers that are not finite.
 * @throws NoClosedFormError if the prior has no registered divergence from a diagonal normal.
 */
export function fitPosterior(options: FitPosteriorOptions): DiagonalNormal {
  const { initial, steps, learningRate } = options;
  requireCount('steps', steps);
  const iterates = [variableOf(initial.mean()), variableOf(initial.logStd())] as const;
  const averages = [variableOf(initial.mean()), variableOf(initial.logStd())] as const;
  const adam = new Adam(iterates, { learningRate });
  const loss = (): tf.Scalar => {
    const [mean, logStd] = iterates;
    const posterior = new DiagonalNormal({ mean, logStd });
    // The sum, because each datum has its own parameters.
    return tf.neg(tf.sum(analyticKlElbo({ ...options, posterior })));
  };
  const discarded = Math.floor(steps / 2);
  try {
    for (let step = 0; step < steps; step++) {
      tf.tidy(() => {
        const { loss: negativeBound, gradients } = lossAndGradients(loss, iterates);
        if (step === 0) requireFiniteBound('logLikelihood', tf.neg(negativeBound));
        adam.step(gradients);
        for (const [i, average] of averages.entries()) {
          const weight = 1 / Math.max(1, step + 1 - discarded);
          average.assign(tf.add(average, tf.mul(tf.sub(iterates[i]!, average), weight)));
        }
      });
    }
    const [mean, logStd] = averages;
    if (![mean, logStd].every((values) => values.dataSync().every(Number.isFinite))) {
      throw new DivergenceError(
        `fitPosterior: the posterior is no longer finite after ${steps} steps; lower the learning rate, ${learningRate}`,
      );
    }
    return new DiagonalNormal({ mean: mean.clone(), logStd: logStd.clone() });
  } finally {
    adam.dispose();
    tf.dispose([...iterates, ...averages]);
  }
}

export interface AmortizationGapOptions extends PosteriorProblem {
  /** q(z | x) from an encoder. */
  readonly amortized: Distribution;
  /** The best member of the same family for each datum, such as `fitPosterior` finds. */
  readonly optimized: Distribution;
}

/**
 * Returns what an encoder loses compared with separate inference for each datum: the ELBO of the optimized posterior
 * minus the ELBO of the amortized one (Cremer, Li and Duvenaud 2018, section 3), [...batch] in nats. Both are estimated
 * from the same noise, which makes their difference less noisy than either; values below zero are noise or an
 * unfinished fit.
 */
export function amortizationGap(options: AmortizationGapOptions): tf.Tensor {
  const { amortized, optimized, rng } = options;
  const sameNoise = Rng.fromState(rng.state());
  return tf.tidy(() =>
    tf.sub(
      analyticKlElbo({ ...options, posterior: optimized }),
      analyticKlElbo({ ...options, posterior: amortized, rng: sameNoise }),
    ),
  );
}

function variableOf(values: tf.Tensor): tf.Variable {
  const variable = tf.variable(values);
  values.dispose();
  return variable;
}
