import { InvalidInputError, requireCount } from '@maxent/core';
import { multiplyTransposed } from '../linear-algebra/multiply.js';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import {
  type CheckedLqrOptions,
  checkLqrOptions,
  checkLqrProblem,
  type LqrOptions,
  type LqrProblem,
} from './lqr-problem.js';
import { RiccatiStep } from './riccati-step.js';

export interface FiniteLqrOptions extends LqrOptions {
  /** Number of steps T. */
  readonly horizon: number;
}

/** Values and policies of a finite horizon; V_t(x) = -x'P_t x / 2 + valueConstant_t. */
export interface LqrSolution extends CheckedLqrOptions {
  readonly horizon: number;
  readonly stateSize: number;
  readonly controlSize: number;
  /** [T + 1, n, n]; P_T is the terminal cost. */
  readonly P: Float64Array;
  /** u_t ~ N(-K_t x_t, policyCovariance_t), [T, m, n]. */
  readonly K: Float64Array;
  /** temperature (R + discount B'P~ B)^-1, [T, m, m]. */
  readonly policyCovariance: Float64Array;
  /** [T + 1]; valueConstant_T is 0. */
  readonly valueConstant: Float64Array;
}

/**
 * Solves linear-quadratic control as inference over T steps, V_t(x) = temperature log of the integral over u of
 * exp(Q_t(x, u) / temperature); the formulas are in `RiccatiStep`. With `variational`, the gains equal the gains of the
 * linear-quadratic regulator, whatever the noise and the temperature; with `exact`, they are the risk-seeking gains of
 * linear exponential-quadratic control (Jacobson, Optimal stochastic linear systems with exponential performance
 * criteria, 1973, with the sign that prefers variance). Without noise, the two agree.
 *
 * Throws InvalidInputError that names the matrix, entry or option at fault.
 */
export function solveLqr(problem: LqrProblem, options: FiniteLqrOptions): LqrSolution {
  const checked = checkLqrProblem(problem);
  const checkedOptions = checkLqrOptions(options);
  const { horizon } = options;
  requireCount('horizon', horizon);
  const { stateSize: n, controlSize: m } = checked;
  const numbers = (horizon + 1) * (n * n + m * n + m * m + 1);
  requireAnswerMemory('horizon', numbers, `${horizon} steps of ${n} states and ${m} controls`);
  const P = new Float64Array((horizon + 1) * n * n);
  const K = new Float64Array(horizon * m * n);
  const policyCovariance = new Float64Array(horizon * m * m);
  const valueConstant = new Float64Array(horizon + 1);
  P.set(checked.terminalCost, horizon * n * n);
  const riccati = new RiccatiStep(checked, checkedOptions);
  for (let t = horizon - 1; t >= 0; t--) {
    const gained = riccati.step();
    valueConstant[t] = checkedOptions.discount * valueConstant[t + 1]! + gained;
    const PT = P.subarray(t * n * n, (t + 1) * n * n);
    multiplyTransposed(PT, riccati.factor, riccati.factor, n, n, n);
    if (!PT.every(Number.isFinite)) {
      throw new InvalidInputError(
        'horizon',
        `expected fewer steps, got ${horizon}: A and B let the cost grow beyond 1e308 within ${horizon - t} of them`,
      );
    }
    K.set(riccati.gain, t * m * n);
    policyCovariance.set(riccati.policyCovariance, t * m * m);
  }
  return {
    ...checkedOptions,
    horizon,
    stateSize: n,
    controlSize: m,
    P,
    K,
    policyCovariance,
    valueConstant,
  };
}
