import { InvalidInputError } from '@maxent/core';
import { covarianceFactor } from '../linear-algebra/covariance-factor.js';
import { frobeniusNorm } from '../linear-algebra/frobenius-norm.js';
import { luFactor, luSolve } from '../linear-algebra/lu.js';
import { multiply, multiplyTransposed, transposedMultiply } from '../linear-algebra/multiply.js';
import { symmetrise } from '../linear-algebra/symmetrise.js';
import { solveLower } from '../linear-algebra/triangular-solve.js';
import {
  type CheckedLqrOptions,
  type CheckedLqrProblem,
  checkLqrOptions,
  checkLqrProblem,
  type LqrOptions,
  type LqrProblem,
} from './lqr-problem.js';
import { RiccatiStep } from './riccati-step.js';
import { spectralRadius } from './spectral-radius.js';

/** The value and policy of an endless horizon. */
export interface StationaryLqrSolution extends CheckedLqrOptions {
  readonly stateSize: number;
  readonly controlSize: number;
  /** [n, n] */
  readonly P: Float64Array;
  /** u ~ N(-K x, policyCovariance), [m, n]. */
  readonly K: Float64Array;
  /** [m, m] */
  readonly policyCovariance: Float64Array;
  /** The constant of V for a discount below 1; null at discount 1, where it grows with the horizon. */
  readonly valueConstant: number | null;
  /**
   * What each further step adds to the constant of V: for `variational` the long-run average of reward + temperature
   * times the policy's entropy, -tr(P W) / 2 + normaliser; for `exact` the growth rate of the log evidence times the
   * temperature, -(temperature / 2) log|I + W P / temperature| + normaliser. The normaliser is
   * (temperature / 2) (m log(2 pi temperature) - log|R + B'P~ B|). For a discount below 1 it is
   * (1 - discount) valueConstant, which tends to that average.
   */
  readonly averageReward: number;
}

/** Doublings after which the horizon is 2^100 steps long. */
const MAX_DOUBLINGS = 100;
/** How far the spectral radius of a loop that does not forget may exceed 1 by rounding. */
const STABILITY_TOLERANCE = 1e-8;
/** How well one more step must reproduce P. */
const RESIDUAL_TOLERANCE = 1e-8;

/**
 * The limit of `solveLqr` for ever longer horizons without terminal cost. In terms of Gamma = discount B R^-1 B' for
 * `variational` and B R^-1 B' + W / temperature for `exact`, and of sqrt(discount) A, both are the one Riccati equation
 * P = Q + A'P (I + Gamma P)^-1 A: to the optimist the noise is one more control. It is solved by structured doubling
 * (Chu, Fan, Lin and Wang, Structure-preserving algorithms for periodic discrete-time algebraic Riccati
 * equations, 2004), whose k-th iterate is the P of 2^k steps.
 *
 * Throws InvalidInputError naming the matrix, entry or option at fault, and where no such limit exists: when a mode of
 * A that costs something can be held neither by B nor, for `exact`, by lucky noise; and when an unstable mode of A costs
 * nothing, so that the limit is lost at the smallest change of Q.
 */
export function solveStationaryLqr(problem: LqrProblem, options: LqrOptions): StationaryLqrSolution {
  const checked = checkLqrProblem(problem);
  const checkedOptions = checkLqrOptions(options);
  if (problem.terminalCost !== undefined) {
    throw new InvalidInputError('terminalCost', 'expected none, because an endless horizon has no last step');
  }
  const { stateSize: n, controlSize: m } = checked;
  const doubled = solveByDoubling(checked, checkedOptions);
  const riccati = new RiccatiStep(checked, checkedOptions);
  if (covarianceFactor(riccati.factor, doubled, n) < 0) throw noLimit();
  // One plain step removes what doubling has lost to rounding, and shows how much that was.
  const gained = riccati.step();
  const P = new Float64Array(n * n);
  multiplyTransposed(P, riccati.factor, riccati.factor, n, n, n);
  if (!(distance(P, doubled) <= RESIDUAL_TOLERANCE * frobeniusNorm(P))) throw noLimit();
  const { discount } = checkedOptions;
  return {
    ...checkedOptions,
    stateSize: n,
    controlSize: m,
    P,
    K: riccati.gain,
    policyCovariance: riccati.policyCovariance,
    valueConstant: discount < 1 ? gained / (1 - discount) : null,
    averageReward: gained,
  };
}

/**
 * A_{k+1} = A_k (I + Gamma_k H_k)^-1 A_k, Gamma_{k+1} = Gamma_k + A_k (I + Gamma_k H_k)^-1 Gamma_k A_k' and
 * H_{k+1} = H_k + A_k' H_k (I + Gamma_k H_k)^-1 A_k from A_0 = A, Gamma_0 and H_0 = Q; H_k tends to P.
 */
function solveByDoubling(problem: CheckedLqrProblem, options: CheckedLqrOptions): Float64Array {
  const { stateSize: n } = problem;
  const root = Math.sqrt(options.discount);
  const loop = problem.A.map((value) => root * value);
  const gamma = controllability(problem, options);
  const H = problem.Q.slice();
  symmetrise(H, n);
  const lu = new Float64Array(n * n);
  const pivots = new Int32Array(n);
  const solvedLoop = new Float64Array(n * n);
  const solvedGamma = new Float64Array(n * n);
  const product = new Float64Array(n * n);
  const added = new Float64Array(n * n);
  for (let doubling = 0; doubling < MAX_DOUBLINGS; doubling++) {
    multiply(lu, gamma, H, n, n, n);
    for (let i = 0; i < n; i++) lu[i * n + i]! += 1;
    if (!luFactor(lu, pivots, n)) throw noLimit();
    solvedLoop.set(loop);
    luSolve(lu, pivots, n, solvedLoop, n);
    solvedGamma.set(gamma);
    luSolve(lu, pivots, n, solvedGamma, n);

    multiply(product, H, solvedLoop, n, n, n);
    transposedMultiply(added, loop, product, n, n, n);
    symmetrise(added, n);
    const change = frobeniusNorm(added);
    for (let i = 0; i < n * n; i++) H[i]! += added[i]!;

    multiply(product, loop, solvedGamma, n, n, n);
    multiplyTransposed(added, product, loop, n, n, n);
    symmetrise(added, n);
    for (let i = 0; i < n * n; i++) gamma[i]! += added[i]!;

    multiply(product, loop, solvedLoop, n, n, n);
    loop.set(product);
    if (change <= n * Number.EPSILON * frobeniusNorm(H)) {
      requireStableLoop(problem, options, H);
      return H;
    }
  }
  throw noLimit();
}

/** discount B R^-1 B', and W / temperature beside it where the noise helps. */
function controllability(problem: CheckedLqrProblem, options: CheckedLqrOptions): Float64Array {
  const { stateSize: n, controlSize: m, B, factors, noiseCovariance } = problem;
  const whitened = new Float64Array(m * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) whitened[j * n + i] = B[i * m + j]!;
  solveLower(factors.R, m, whitened, n);
  const gamma = new Float64Array(n * n);
  transposedMultiply(gamma, whitened, whitened, n, m, n);
  for (let i = 0; i < n * n; i++) {
    gamma[i]! *= options.discount;
    if (options.inference === 'exact') gamma[i]! += noiseCovariance[i]! / options.temperature;
  }
  symmetrise(gamma, n);
  return gamma;
}

/** Throws unless (I + Gamma P)^-1 A, by which errors in P spread from step to step, does not let them grow. */
function requireStableLoop(problem: CheckedLqrProblem, options: CheckedLqrOptions, P: Float64Array): void {
  const { stateSize: n, A } = problem;
  const lu = new Float64Array(n * n);
  multiply(lu, controllability(problem, options), P, n, n, n);
  for (let i = 0; i < n; i++) lu[i * n + i]! += 1;
  const pivots = new Int32Array(n);
  if (!luFactor(lu, pivots, n)) throw noLimit();
  const loop = A.map((value) => Math.sqrt(options.discount) * value);
  luSolve(lu, pivots, n, loop, n);
  const radius = spectralRadius(loop, n);
  if (radius <= 1 + STABILITY_TOLERANCE) return;
  throw new InvalidInputError(
    'Q',
    `expected a cost on every unstable mode of A, got none on one that grows by ${radius.toPrecision(4)} a step under ` +
      'the optimal control: the value of an endless horizon would jump at the smallest such cost; add one, or give a ' +
      'finite horizon',
  );
}

function noLimit(): InvalidInputError {
  return new InvalidInputError(
    'horizon',
    'expected a number of steps, got null: costs add up without end, because A does not fade in a direction that Q ' +
      'sees and that B cannot steer; give a horizon, a smaller discount, or a B that reaches it',
  );
}

function distance(a: Float64Array, b: Float64Array): number {
  return frobeniusNorm(a.map((value, i) => value - b[i]!));
}
