import { InvalidInputError, requireObject } from '@maxent/core';
import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { covarianceFactor } from '../linear-algebra/covariance-factor.js';
import { multiply, multiplyTransposed, product } from '../linear-algebra/multiply.js';
import { requireSymmetricPositiveDefinite, requireVector } from '../linear-algebra/require-matrix.js';
import { requireSolution } from './linear-gaussian-policy.js';
import { type CheckedLqrProblem, checkLqrProblem, type LqrProblem } from './lqr-problem.js';
import type { LqrSolution } from './solve-lqr.js';
import { tiltGaussian } from './tilt-gaussian.js';

/** Where the system starts: x_0 ~ N(initialMean, initialCovariance). */
export interface LqrStart {
  /** [n] */
  readonly initialMean: Float64Array;
  /** [n, n], positive semidefinite; 0 for a known start. */
  readonly initialCovariance: Float64Array;
}

/** x_t ~ N(means_t, covariances_t). */
export interface LqrStateMarginals {
  /** [T + 1, n] */
  readonly means: Float64Array;
  /** [T + 1, n, n] */
  readonly covariances: Float64Array;
}

/**
 * Computes the distribution of the states under the policies of `solution`: with `true` dynamics, what happens when
 * they are carried out; with `posterior` dynamics, what the exact posterior believes, whose start is N(m, C) weighted
 * by exp(V_0 / temperature) and whose noise is weighted by exp(V_{t+1} / temperature) at each step. The default is the
 * solution's own posterior: `posterior` for `exact` inference and `true` for `variational`.
 *
 * Throws InvalidInputError that names the matrix or entry at fault.
 */
export function lqrStateMarginals(
  problem: LqrProblem,
  solution: LqrSolution,
  start: LqrStart,
  dynamics: 'true' | 'posterior' = solution?.inference === 'exact' ? 'posterior' : 'true',
): LqrStateMarginals {
  const checked = checkLqrProblem(problem);
  requireSolutionOf(checked, solution);
  const { A, B, factors, stateSize: n, controlSize: m } = checked;
  const { horizon, temperature } = solution;
  const startFactor = checkLqrStart(start, n);
  const costFactor = new Float64Array(n * n);
  const tiltedByValue = (root: Float64Array, t: number) => {
    covarianceFactor(costFactor, solution.P.subarray(t * n * n, (t + 1) * n * n), n);
    return tiltGaussian(root, costFactor, temperature, n);
  };

  const means = new Float64Array((horizon + 1) * n);
  const covariances = new Float64Array((horizon + 1) * n * n);
  let mean: Float64Array = start.initialMean.slice();
  const factor = startFactor.slice();
  if (dynamics === 'posterior') {
    const tilted = tiltedByValue(startFactor, 0);
    multiply(mean, tilted.meanMap, start.initialMean, n, n, 1);
    factor.fill(0);
    absorbColumns(factor, n, tilted.factor, n);
  }
  const loop = new Float64Array(n * n);
  const moved = new Float64Array(n * n);
  const controlled = new Float64Array(n * m);
  const policyFactor = new Float64Array(m * m);
  for (let t = 0; ; t++) {
    means.set(mean, t * n);
    multiplyTransposed(covariances.subarray(t * n * n, (t + 1) * n * n), factor, factor, n, n, n);
    if (t === horizon) return { means, covariances };
    multiply(loop, B, solution.K.subarray(t * m * n, (t + 1) * m * n), n, m, n);
    for (let i = 0; i < n * n; i++) loop[i] = A[i]! - loop[i]!;
    covarianceFactor(policyFactor, solution.policyCovariance.subarray(t * m * m, (t + 1) * m * m), m);
    multiply(controlled, B, policyFactor, n, m, m);
    let noise = factors.noiseCovariance;
    if (dynamics === 'posterior') {
      const tilted = tiltedByValue(factors.noiseCovariance, t + 1);
      noise = tilted.factor;
      loop.set(product(tilted.meanMap, loop, n, n, n));
      controlled.set(product(tilted.meanMap, controlled, n, n, m));
    }
    mean = product(loop, mean, n, n, 1);
    multiply(moved, loop, factor, n, n, n);
    factor.fill(0);
    absorbColumns(factor, n, moved, n);
    absorbColumns(factor, n, controlled.slice(), m);
    absorbColumns(factor, n, noise.slice(), n);
  }
}

/** Throws InvalidInputError unless `solution` has the sizes of `problem`. */
export function requireSolutionOf(problem: CheckedLqrProblem, solution: LqrSolution): void {
  requireSolution(solution);
  if (solution.stateSize === problem.stateSize && solution.controlSize === problem.controlSize) return;
  throw new InvalidInputError(
    'solution',
    `expected one for ${problem.stateSize} state and ${problem.controlSize} control components, got one for ` +
      `${solution.stateSize} and ${solution.controlSize}`,
  );
}

/** Checks a start for n state components. Returns a lower-triangular square root of its covariance. */
export function checkLqrStart(start: LqrStart, n: number): Float64Array {
  requireObject('start', start, '{ initialMean, initialCovariance }');
  const { initialMean, initialCovariance } = start;
  requireVector('initialMean', initialMean, n);
  return requireSymmetricPositiveDefinite('initialCovariance', initialCovariance, n, { semidefinite: true });
}
