import type { Rng } from '@maxent/core';

/** Actions to estimate soft values with: state after state, K for each, in the cube [-1, 1]^d. */
export interface Proposals {
  /** [states, K, d] row-major. */
  readonly actions: Float32Array;
  /** log q of each action, [states, K]. For a stratified draw, q is the density of the whole mixture. */
  readonly logDensities: Float32Array;
}

/** Draws from the policy are clipped to this before squashing: further out, float32 tanh is practically +-1. */
const LARGEST_CENTER = 4;

/** Smallest standard deviation of a kernel before squashing. */
const SMALLEST_DEVIATION = 0.05;

/** Uniform proposals: log q = -d log 2, since the cube's volume is 2^d. `count` is the total number of actions. */
export function uniformProposals(count: number, size: number, rng: Rng): Proposals {
  const actions = new Float32Array(count * size);
  rng.fillUniform(actions, -1, 1);
  return { actions, logDensities: new Float32Array(count).fill(-size * Math.LN2) };
}

/**
 * Proposals near the policy's own actions. The density of its sampling network cannot be computed: where two noises
 * lead to one action, the change of variables does not hold. Given n draws u_1 .. u_n from it for a state, before
 * squashing, q is instead the mixture of K parts of equal weight:
 *
 *   n normal kernels N(u_j, diag(h^2)), squashed by tanh, and K - n times the uniform distribution on the cube,
 *
 * with Scott's bandwidth h_i = n^(-1/(d + 4)) std_i(u_1 .. u_n). One action is drawn from each part and weighted by the
 * density of the whole mixture: the balance heuristic of Veach and Guibas 1995, unbiased for any draws. The uniform
 * parts bound the weights where the policy misses what Q has learned.
 *
 * @param draws u_j of each state, [states, n, d].
 * @param perState K, at least n.
 */
export function policyProposals(
  draws: Float32Array,
  { drawsPerState, perState, size }: { drawsPerState: number; perState: number; size: number },
  rng: Rng,
): Proposals {
  const states = draws.length / (drawsPerState * size);
  const actions = new Float32Array(states * perState * size);
  const logDensities = new Float32Array(states * perState);
  const logUniform = Math.log((perState - drawsPerState) / perState) - size * Math.LN2;
  const centers = draws.map((u) => Math.min(Math.max(u, -LARGEST_CENTER), LARGEST_CENTER));
  const raw = new Float64Array(size);
  for (let state = 0; state < states; state++) {
    const own = centers.subarray(state * drawsPerState * size, (state + 1) * drawsPerState * size);
    const deviations = kernelDeviations(own, drawsPerState, size);
    for (let k = 0; k < perState; k++) {
      const row = state * perState + k;
      for (let i = 0; i < size; i++) {
        raw[i] =
          k < drawsPerState ? rng.normal(own[k * size + i], deviations[i]) : Math.atanh(rng.uniform(-1, 1));
        actions[row * size + i] = Math.tanh(raw[i]!);
      }
      const logKernels = logSumOfKernels(raw, own, deviations) - Math.log(perState);
      logDensities[row] = logAddExp(logUniform, logKernels);
    }
  }
  return { actions, logDensities };
}

/** Scott's rule in each dimension, for the rows of `centers`, [n, d]. */
function kernelDeviations(centers: Float32Array, n: number, size: number): Float64Array {
  const factor = n ** (-1 / (size + 4));
  return Float64Array.from({ length: size }, (_, i) => {
    let mean = 0;
    for (let j = 0; j < n; j++) mean += centers[j * size + i]! / n;
    let variance = 0;
    for (let j = 0; j < n; j++) variance += (centers[j * size + i]! - mean) ** 2 / n;
    return Math.max(factor * Math.sqrt(variance), SMALLEST_DEVIATION);
  });
}

/** log sum_j of the density at tanh(raw) of the kernel around the j-th center, squashed. */
function logSumOfKernels(raw: Float64Array, centers: Float32Array, deviations: Float64Array): number {
  const size = raw.length;
  let logScale = 0;
  for (let i = 0; i < size; i++) {
    logScale -= Math.log(deviations[i]!) + 0.5 * Math.log(2 * Math.PI) + logSlopeOfTanh(raw[i]!);
  }
  let logSum = -Infinity;
  for (let first = 0; first < centers.length; first += size) {
    let exponent = 0;
    for (let i = 0; i < size; i++) exponent -= ((raw[i]! - centers[first + i]!) / deviations[i]!) ** 2 / 2;
    logSum = logAddExp(logSum, exponent);
  }
  return logSum + logScale;
}

/** log(1 - tanh(u)^2) = 2 (log 2 - |u| - log(1 + exp(-2 |u|))), which neither overflows nor cancels. */
function logSlopeOfTanh(u: number): number {
  const magnitude = Math.abs(u);
  return 2 * (Math.LN2 - magnitude - Math.log1p(Math.exp(-2 * magnitude)));
}

function logAddExp(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}
