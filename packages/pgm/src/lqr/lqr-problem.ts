import { InvalidInputError, requireObject, requireTypedNumbers, showValue } from '@maxent/core';
import { requireMatrix, requireSymmetricPositiveDefinite } from '../linear-algebra/require-matrix.js';
import { requireDivisor } from '../numerics/require-in-range.js';

/**
 * Linear dynamics x' = A x + B u + w with w ~ N(0, W), and the reward r(x, u) = -(x'Q x + u'R u) / 2, for n state and
 * m control components. Matrices are row-major.
 */
export interface LqrProblem {
  /** [n, n] */
  readonly A: Float64Array;
  /** [n, m] */
  readonly B: Float64Array;
  /** Cost of the state, [n, n], positive semidefinite. */
  readonly Q: Float64Array;
  /** Cost of the control, [m, m], positive definite. */
  readonly R: Float64Array;
  /** W, the covariance of w, [n, n], positive semidefinite; 0 for deterministic dynamics. */
  readonly noiseCovariance: Float64Array;
  /** Cost S of the state after the last step, -x'S x / 2, [n, n], positive semidefinite; default 0. */
  readonly terminalCost?: Float64Array;
}

/**
 * Which posterior to compute, given that every step was optimal with probability proportional to exp(r / temperature).
 *
 * - `exact`: the true posterior. It bends the noise towards good luck, which makes the control risk-seeking.
 * - `variational`: the best one that keeps the true dynamics, which is maximum-entropy control.
 */
export type LqrInference = 'exact' | 'variational';

export interface LqrOptions {
  readonly inference: LqrInference;
  /** Above 0, in units of reward per nat; default 1. */
  readonly temperature?: number;
  /** In (0, 1]; default 1, and only 1 for `exact`. */
  readonly discount?: number;
}

/** The options with their defaults, checked. */
export type CheckedLqrOptions = Required<LqrOptions>;

/** A problem that has been checked, with square roots of its symmetric matrices (lower triangular, L L'). */
export interface CheckedLqrProblem extends LqrProblem {
  readonly stateSize: number;
  readonly controlSize: number;
  readonly terminalCost: Float64Array;
  readonly factors: {
    readonly Q: Float64Array;
    readonly R: Float64Array;
    readonly noiseCovariance: Float64Array;
    readonly terminalCost: Float64Array;
  };
}

/** Throws InvalidInputError that names the matrix or entry at fault, such as `Q[1][0]`. */
export function checkLqrProblem(problem: LqrProblem): CheckedLqrProblem {
  requireObject('problem', problem, '{ A, B, Q, R, noiseCovariance }');
  const { A, B, Q, R, noiseCovariance } = problem;
  requireTypedNumbers('A', A);
  requireTypedNumbers('B', B);
  const n = Math.sqrt(A.length);
  if (n === 0 || !Number.isInteger(n)) {
    throw new InvalidInputError('A', `expected a square matrix, got ${A.length} entries`);
  }
  requireMatrix('A', A, n, n);
  const m = B.length / n;
  if (m === 0 || !Number.isInteger(m)) {
    throw new InvalidInputError('B', `expected ${n} rows of at least one entry, got ${B.length} entries`);
  }
  requireMatrix('B', B, n, m);
  const terminalCost = problem.terminalCost ?? new Float64Array(n * n);
  const semidefinite = { semidefinite: true };
  return {
    ...problem,
    stateSize: n,
    controlSize: m,
    terminalCost,
    factors: {
      Q: requireSymmetricPositiveDefinite('Q', Q, n, semidefinite),
      R: requireSymmetricPositiveDefinite('R', R, m),
      noiseCovariance: requireSymmetricPositiveDefinite('noiseCovariance', noiseCovariance, n, semidefinite),
      terminalCost: requireSymmetricPositiveDefinite('terminalCost', terminalCost, n, semidefinite),
    },
  };
}

/** Throws InvalidInputError that names the option at fault. */
export function checkLqrOptions(options: LqrOptions): CheckedLqrOptions {
  requireObject('options', options, "{ inference: 'variational', horizon: 10 }");
  const { inference, temperature = 1, discount = 1 } = options;
  if (inference !== 'exact' && inference !== 'variational') {
    throw new InvalidInputError(
      'inference',
      `expected "exact" or "variational", got ${showValue(inference)}`,
    );
  }
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new InvalidInputError('temperature', `expected a number above 0, got ${temperature}`);
  }
  requireDivisor(() => 'temperature', temperature);
  if (!(discount > 0 && discount <= 1)) {
    throw new InvalidInputError('discount', `expected a number above 0 and at most 1, got ${discount}`);
  }
  if (inference === 'exact' && discount < 1) {
    throw new InvalidInputError(
      'discount',
      `expected 1 with inference "exact", got ${discount}: a posterior has no discounted sum of rewards; use ` +
        'inference "variational"',
    );
  }
  return { inference, temperature, discount };
}
