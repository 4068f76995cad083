import { frobeniusNorm } from '../linear-algebra/frobenius-norm.js';
import { multiply } from '../linear-algebra/multiply.js';

/** Powers up to 2^50, where the root of even a polynomially growing norm is 1 to rounding. */
const SQUARINGS = 50;

/**
 * Returns the largest absolute value of the eigenvalues of a square matrix, [n, n], as the limit of ||M^k||^(1/k)
 * (Gelfand's formula) by repeated squaring.
 */
export function spectralRadius(matrix: Float64Array, n: number): number {
  let power = matrix.slice();
  let squared = new Float64Array(n * n);
  // M^(2^k) is `power` exp(2^k logScale).
  let logScale = 0;
  for (let k = 0; k <= SQUARINGS; k++) {
    const size = frobeniusNorm(power);
    if (size === 0) return 0;
    logScale += Math.log(size) / 2 ** k;
    for (let i = 0; i < n * n; i++) power[i]! /= size;
    multiply(squared, power, power, n, n, n);
    [power, squared] = [squared, power];
  }
  return Math.exp(logScale);
}
