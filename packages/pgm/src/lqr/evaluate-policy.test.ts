import { expect, it } from 'vitest';
import { evaluateLqrPolicy } from './evaluate-policy.js';

/**
 * With a known start x = 1, no dynamics and R the inverse of a covariance, one step's bound is the entropy of the
 * policy N(-K, C) plus the expected log of N(0, R^-1) without its normalizer: minus their divergence, but for that.
 */
function divergence(K: readonly number[], covariance: readonly number[], R: readonly number[]): number {
  const m = K.length;
  const [zero, one] = [Float64Array.of(0), Float64Array.of(1)];
  const { elbo } = evaluateLqrPolicy(
    { A: zero, B: new Float64Array(m), Q: zero, R: Float64Array.from(R), noiseCovariance: zero },
    { K: Float64Array.from(K), policyCovariance: Float64Array.from(covariance) },
    { initialMean: one, initialCovariance: zero },
  );
  const determinant = m === 1 ? R[0]! : R[0]! * R[3]! - R[1]! * R[2]!;
  return 0.5 * (m * Math.log(2 * Math.PI) - Math.log(determinant)) - elbo!;
}

it.each([
  ['N(0, 1) from N(1, 4)', [1], [1], [1 / 4], 0.4431471806],
  [
    'N((1, -1), [[1, 0.5], [0.5, 2]]) from N(0, diag(2, 1))',
    [1, -1],
    [1, 0.5, 0.5, 2],
    [0.5, 0, 0, 1],
    1.0667656963,
  ],
] as const)('the bound of one step holds the divergence of %s', (_name, K, covariance, R, expected) => {
  expect(divergence(K, covariance, R)).toBeCloseTo(expected, 10);
});
