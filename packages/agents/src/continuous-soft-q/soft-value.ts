/**
 * The soft value by importance sampling (Haarnoja et al. 2017, arXiv 1702.08165, equation 10), from K proposals a_k
 * with density q:
 *
 *   V(s) = temperature log (1/K) sum_k exp(Q(s, a_k) / temperature) / q(a_k).
 *
 * exp(V / temperature) is unbiased: its expectation is the integral of exp(Q / temperature) over the cube [-1, 1]^d for
 * any q. V itself is then too low on average (Jensen), and lower with fewer proposals.
 *
 * @param values Q(s, a_k), state after state, [states, K].
 * @param logDensities log q(a_k), [states, K].
 * @returns V, [states].
 */
export function estimateSoftValues(
  values: ArrayLike<number>,
  logDensities: ArrayLike<number>,
  proposals: number,
  temperature: number,
): Float64Array {
  const result = new Float64Array(values.length / proposals);
  for (let state = 0; state < result.length; state++) {
    const first = state * proposals;
    const logWeight = (k: number) => values[first + k]! / temperature - logDensities[first + k]!;
    let largest = -Infinity;
    for (let k = 0; k < proposals; k++) largest = Math.max(largest, logWeight(k));
    let sum = 0;
    for (let k = 0; k < proposals; k++) sum += Math.exp(logWeight(k) - largest);
    result[state] = temperature * (largest + Math.log(sum / proposals));
  }
  return result;
}
