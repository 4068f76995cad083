import { requireObject } from '@maxent/core';
import { covarianceFactor } from '../linear-algebra/covariance-factor.js';
import { evaluateLqrPolicy } from './evaluate-policy.js';
import { checkLqrProblem, type LqrProblem } from './lqr-problem.js';
import { solveLqr } from './solve-lqr.js';
import { checkLqrStart, type LqrStart } from './state-marginals.js';
import { logMeanWeight } from './tilt-gaussian.js';

export interface LqrEvidence {
  /** log E exp(V_0(x_0) / temperature) with V from `exact`, in nats. */
  readonly logEvidence: number;
  /** E V_0(x_0) / temperature with V from `variational`, in nats. */
  readonly elbo: number;
  /** The divergence of the variational posterior over trajectories from the exact one, logEvidence - elbo; nats. */
  readonly kl: number;
}

/**
 * Computes the log evidence of optimality over T steps at discount 1, with controls measured by their volume (there is
 * no action prior), and the best bound that keeps the true dynamics. The two are equal if the start is known and there
 * is no noise. Throws InvalidInputError that names the matrix, entry or option at fault.
 */
export function lqrEvidence(
  problem: LqrProblem,
  start: LqrStart,
  options: { readonly horizon: number; readonly temperature?: number },
): LqrEvidence {
  requireObject('options', options, '{ horizon: 10 }');
  const { horizon, temperature = 1 } = options;
  const { stateSize: n } = checkLqrProblem(problem);
  const startFactor = checkLqrStart(start, n);
  const exact = solveLqr(problem, { inference: 'exact', horizon, temperature });
  const costFactor = new Float64Array(n * n);
  covarianceFactor(costFactor, exact.P.subarray(0, n * n), n);
  const logEvidence =
    logMeanWeight(start.initialMean, startFactor, costFactor, temperature) +
    exact.valueConstant[0]! / temperature;
  const variational = solveLqr(problem, { inference: 'variational', horizon, temperature });
  const elbo = evaluateLqrPolicy(problem, variational, start, { temperature }).elbo!;
  // Where the two are equal, rounding may leave a difference below 0.
  return { logEvidence, elbo, kl: Math.max(0, logEvidence - elbo) };
}
