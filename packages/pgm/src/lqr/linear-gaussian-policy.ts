import {
  InvalidInputError,
  type Rng,
  requireCount,
  requireLength,
  requireNumbers,
  requireObject,
  requireTypedNumbers,
} from '@maxent/core';
import { addNoise } from '../linear-algebra/add-noise.js';
import { choleskyLogDeterminant } from '../linear-algebra/cholesky.js';
import {
  requireMatrix,
  requireSymmetricPositiveDefinite,
  requireVector,
} from '../linear-algebra/require-matrix.js';
import { solveLower } from '../linear-algebra/triangular-solve.js';
import type { LqrSolution } from './solve-lqr.js';

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * The policy u ~ N(-K x, Sigma). Throws InvalidInputError that names `K` or `policyCovariance` if their shapes do not
 * fit or Sigma is not positive definite.
 */
export class LinearGaussianPolicy {
  readonly stateSize: number;
  readonly controlSize: number;
  /** The entropy, -integral of p(u | x) log p(u | x), in nats; the same in every state. */
  readonly entropy: number;
  /** Lower-triangular square root of Sigma. */
  private readonly factor: Float64Array;
  private readonly logDeterminant: number;

  /** `K` is [m, n], `policyCovariance` [m, m]. */
  constructor(
    private readonly K: Float64Array,
    policyCovariance: Float64Array,
  ) {
    requireNumbers('policyCovariance', policyCovariance);
    requireNumbers('K', K);
    const m = Math.sqrt(policyCovariance.length);
    if (m === 0 || !Number.isInteger(m)) {
      throw new InvalidInputError(
        'policyCovariance',
        `expected a square matrix, got ${policyCovariance.length} entries`,
      );
    }
    const n = K.length / m;
    if (n === 0 || !Number.isInteger(n)) {
      throw new InvalidInputError('K', `expected ${m} rows of at least one entry, got ${K.length} entries`);
    }
    requireMatrix('K', K, m, n);
    this.stateSize = n;
    this.controlSize = m;
    this.factor = requireSymmetricPositiveDefinite('policyCovariance', policyCovariance, m);
    this.logDeterminant = choleskyLogDeterminant(this.factor, m);
    this.entropy = 0.5 * (m * (1 + LOG_TWO_PI) + this.logDeterminant);
  }

  /** Returns -K x, [m], which is also the most likely control. */
  mean(state: Float64Array): Float64Array {
    const { stateSize: n, controlSize: m, K } = this;
    requireVector('state', state, n);
    const mean = new Float64Array(m);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) mean[i]! -= K[i * n + j]! * state[j]!;
    return mean;
  }

  sample(state: Float64Array, rng: Rng): Float64Array {
    const control = this.mean(state);
    addNoise(control, this.factor, new Float64Array(this.controlSize), rng);
    return control;
  }

  /** Returns log p(u | x), a density. */
  logProb(state: Float64Array, control: Float64Array): number {
    const { controlSize: m, factor } = this;
    requireVector('control', control, m);
    const deviation = this.mean(state);
    for (let i = 0; i < m; i++) deviation[i] = control[i]! - deviation[i]!;
    solveLower(factor, m, deviation, 1);
    let squared = 0;
    for (let i = 0; i < m; i++) squared += deviation[i]! * deviation[i]!;
    return -0.5 * (squared + m * LOG_TWO_PI + this.logDeterminant);
  }
}

/** Throws InvalidInputError unless `solution` has the sizes that `solveLqr` returns. */
export function requireSolution(solution: LqrSolution): void {
  requireObject('solution', solution, 'solveLqr(problem, options)');
  const { horizon, stateSize: n, controlSize: m } = solution;
  requireCount('solution.horizon', horizon);
  requireCount('solution.stateSize', n);
  requireCount('solution.controlSize', m);
  const sizes = {
    P: (horizon + 1) * n * n,
    K: horizon * m * n,
    policyCovariance: horizon * m * m,
    valueConstant: horizon + 1,
  };
  for (const [name, size] of Object.entries(sizes)) {
    const values = solution[name as keyof typeof sizes];
    requireTypedNumbers(`solution.${name}`, values);
    requireLength(`solution.${name}`, values, size);
  }
}

/** Returns the policy at time t of a finite horizon. Throws InvalidInputError for a t outside 0 .. T - 1. */
export function lqrPolicyAtTime(solution: LqrSolution, t: number): LinearGaussianPolicy {
  requireSolution(solution);
  const { horizon, stateSize: n, controlSize: m, K, policyCovariance } = solution;
  if (!Number.isInteger(t) || t < 0 || t >= horizon) {
    throw new InvalidInputError('t', `expected an integer from 0 to ${horizon - 1}, got ${t}`);
  }
  return new LinearGaussianPolicy(
    K.subarray(t * m * n, (t + 1) * m * n),
    policyCovariance.subarray(t * m * m, (t + 1) * m * m),
  );
}
