import { InvalidInputError, requireObject, requireTypedNumbers } from '@maxent/core';
import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { choleskyLogDeterminant } from '../linear-algebra/cholesky.js';
import { multiply, product, transposedMultiply } from '../linear-algebra/multiply.js';
import { requireMatrix, requireSymmetricPositiveDefinite } from '../linear-algebra/require-matrix.js';
import { checkLqrOptions, checkLqrProblem, type LqrOptions, type LqrProblem } from './lqr-problem.js';
import { checkLqrStart, type LqrStart } from './state-marginals.js';

/** A policy u_t ~ N(-K_t x_t, policyCovariance_t) for T steps, such as any solution of `solveLqr`. */
export interface LinearGaussianPolicies {
  /** [T, m, n] */
  readonly K: Float64Array;
  /** [T, m, m] */
  readonly policyCovariance: Float64Array;
}

export interface LqrPolicyValue {
  /** The expected sum over t of discount^t r(x_t, u_t), terminal reward included. */
  readonly expectedReturn: number;
  /** The sum over t of discount^t times the policy's entropy, in nats. */
  readonly entropy: number;
  /**
   * The policy's bound on the log evidence, expectedReturn / temperature + entropy, in nats; null for a discount below
   * 1, where it is not a bound.
   */
  readonly elbo: number | null;
}

/**
 * Evaluates a policy under the true dynamics. The `variational` solution has the highest `elbo`; times the temperature,
 * it is E V_0(x_0). Throws InvalidInputError that names the matrix, entry or option at fault.
 */
export function evaluateLqrPolicy(
  problem: LqrProblem,
  policies: LinearGaussianPolicies,
  start: LqrStart,
  options: Pick<LqrOptions, 'temperature' | 'discount'> = {},
): LqrPolicyValue {
  const { A, B, factors, stateSize: n, controlSize: m } = checkLqrProblem(problem);
  const { temperature, discount } = checkLqrOptions({ ...options, inference: 'variational' });
  const startFactor = checkLqrStart(start, n);
  requireObject('policies', policies, 'solveLqr(problem, options)');
  requireTypedNumbers('K', policies.K);
  requireTypedNumbers('policyCovariance', policies.policyCovariance);
  const horizon = policies.K.length / (m * n);
  if (horizon === 0 || !Number.isInteger(horizon)) {
    throw new InvalidInputError('K', `expected [T, ${m}, ${n}] entries, got ${policies.K.length}`);
  }
  requireMatrix('K', policies.K, horizon * m, n);
  requireMatrix('policyCovariance', policies.policyCovariance, horizon * m, m);

  // V^pi(x) = -x'F F'x / 2 + constant. F is kept triangular, as in RiccatiStep.
  const factor = factors.terminalCost.slice();
  let constant = 0;
  let entropy = 0;
  const loop = new Float64Array(n * n);
  const ahead = new Float64Array(n * n);
  const columns = new Float64Array(n * (m + n));
  const width = m + n;
  for (let t = horizon - 1; t >= 0; t--) {
    const K = policies.K.subarray(t * m * n, (t + 1) * m * n);
    const policyFactor = requireSymmetricPositiveDefinite(
      `policyCovariance[${t}]`,
      policies.policyCovariance.subarray(t * m * m, (t + 1) * m * m),
      m,
    );
    const noiseCost =
      squaredProduct(factor, factors.noiseCovariance, n, n) +
      squaredProduct(factor, product(B, policyFactor, n, m, m), n, m);
    constant = discount * (constant - 0.5 * noiseCost) - 0.5 * squaredProduct(factors.R, policyFactor, m, m);
    entropy =
      discount * entropy + 0.5 * (m * (1 + Math.log(2 * Math.PI)) + choleskyLogDeterminant(policyFactor, m));

    multiply(loop, B, K, n, m, n);
    for (let i = 0; i < n * n; i++) loop[i] = A[i]! - loop[i]!;
    transposedMultiply(ahead, loop, factor, n, n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let k = j; k < m; k++) sum += K[k * n + i]! * factors.R[k * m + j]!;
        columns[i * width + j] = sum;
      }
      for (let j = 0; j < n; j++) columns[i * width + m + j] = Math.sqrt(discount) * ahead[i * n + j]!;
    }
    factor.set(factors.Q);
    absorbColumns(factor, n, columns, width);
  }
  const startCost =
    squaredProduct(factor, startFactor, n, n) + squaredProduct(factor, start.initialMean, n, 1);
  const expectedReturn = constant - 0.5 * startCost;
  return { expectedReturn, entropy, elbo: discount < 1 ? null : expectedReturn / temperature + entropy };
}

/** Returns tr(L L'S S') = |L'S|^2; L is [n, n], S is [n, columns]. */
export function squaredProduct(L: Float64Array, S: Float64Array, n: number, columns: number): number {
  const product = new Float64Array(n * columns);
  transposedMultiply(product, L, S, n, n, columns);
  let sum = 0;
  for (const value of product) sum += value * value;
  return sum;
}
