// Soft values by importance sampling, and the actions that they are estimated from: see src/operations/proposals.ts.
import { exponential, hyperbolicTangent, logAddExp, logarithm, logSlopeOfTanh } from './functions';
import { at, firstLanes, loadUpTo4, padded, storeUpTo4, sumLanes } from './vector';

const HALF_LOG_2_PI: f32 = 0.918938533204673;
/** The largest float32 below 1. */
const LARGEST_ACTION: f32 = 0.99999994;
/** Draws are clipped to this before squashing: further out, float32 tanh is practically +-1. */
const LARGEST_CENTER: f32 = 4;
/** Smallest standard deviation of a kernel before squashing. */
const SMALLEST_DEVIATION: f32 = 0.05;

/** min_i values[i, first .. first + 3] / temperature - logDensities[first .. first + 3], -Infinity in further lanes. */
// @ts-ignore: decorator
@inline
function logWeights(
  values: usize, logDensities: usize, members: i32, batch: i32, first: i32, lanes: i32, temperature: v128,
): v128 {
  let smallest = loadUpTo4(values + at(first), lanes);
  for (let member = 1; member < members; member++) {
    smallest = f32x4.pmin(smallest, loadUpTo4(values + at(member * batch + first), lanes));
  }
  const weights = f32x4.sub(f32x4.div(smallest, temperature), loadUpTo4(logDensities + at(first), lanes));
  return v128.bitselect(weights, f32x4.splat(-Infinity), firstLanes(lanes));
}

// @ts-ignore: decorator
@inline
function largestLane(x: v128): f32 {
  const pairs = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/**
 * out[s] = temperature (log sum_k exp w_k - log K), w_k = min_i values[i, s, k] / temperature - logDensities[s, k] of the
 * K proposals of state s.
 */
export function importanceSoftValue(
  values: usize, logDensities: usize, out: usize, members: i32, states: i32, perState: i32,
  temperature: f32, logPerState: f32,
): void {
  const divisor = f32x4.splat(temperature);
  const batch = states * perState;
  for (let state = 0; state < states; state++) {
    const first = state * perState;
    let largest = f32x4.splat(-Infinity);
    for (let k = 0; k < perState; k += 4) {
      largest = f32x4.max(
        largest, logWeights(values, logDensities, members, batch, first + k, perState - k, divisor),
      );
    }
    const shift = largestLane(largest);
    let sum = f32x4.splat(0);
    for (let k = 0; k < perState; k += 4) {
      const lanes = perState - k;
      const weights = logWeights(values, logDensities, members, batch, first + k, lanes, divisor);
      const terms = exponential(f32x4.sub(weights, f32x4.splat(shift)));
      sum = f32x4.add(sum, v128.and(terms, firstLanes(lanes)));
    }
    const log = f32x4.extract_lane(logarithm(f32x4.splat(sumLanes(sum))), 0);
    store<f32>(out + at(state), temperature * (shift + (log - logPerState)));
  }
}

/** artanh a = (log(1 + a) - log(1 - a)) / 2, |a| < 1. */
// @ts-ignore: decorator
@inline
function inverseTangent(a: v128): v128 {
  const one = f32x4.splat(1);
  const difference = f32x4.sub(logarithm(f32x4.add(one, a)), logarithm(f32x4.sub(one, a)));
  return f32x4.mul(difference, f32x4.splat(0.5));
}

/** How many bytes of scratch memory `mixtureProposals` needs. */
export function mixtureProposalsScratch(drawsPerState: i32, perState: i32, size: i32): usize {
  return at((drawsPerState + 1) * size + 2 * size * padded(perState));
}

/**
 * K proposals of each state: one from each of n normal kernels around `draws`, squashed by tanh, and K - n of `uniforms`;
 * and the logarithm of their density in the mixture of these K parts. Per state, `draws` and `noise` are [n, size],
 * `uniforms` [K - n, size] and `actions` [K, size]. `bandwidth` is Scott's factor, `logUniform` the uniform parts' share
 * of the density, `logPerState` log K.
 */
export function mixtureProposals(
  draws: usize, noise: usize, uniforms: usize, actions: usize, logDensities: usize, scratch: usize,
  states: i32, drawsPerState: i32, perState: i32, size: i32, bandwidth: f32, logUniform: f32, logPerState: f32,
): void {
  const stride = padded(perState);
  const centers = scratch;
  const precisions = centers + at(drawsPerState * size);
  // Dimension by dimension, [size, stride].
  const raw = precisions + at(size);
  const squashed = raw + at(size * stride);
  memory.fill(raw, 0, at(2 * size * stride));
  const uniform = f32x4.splat(logUniform);
  for (let state = 0; state < states; state++) {
    for (let j = 0; j < drawsPerState * size; j++) {
      const center = min(max(load<f32>(draws + at(j)), -LARGEST_CENTER), LARGEST_CENTER);
      store<f32>(centers + at(j), center);
    }
    let constant = logPerState + <f32>size * HALF_LOG_2_PI;
    for (let i = 0; i < size; i++) {
      const deviation = kernelDeviation(centers + at(i), drawsPerState, size, bandwidth);
      store<f32>(precisions + at(i), 1 / deviation);
      constant += f32x4.extract_lane(logarithm(f32x4.splat(deviation)), 0);
      for (let k = 0; k < drawsPerState; k++) {
        const offset = at(k * size + i);
        const value = load<f32>(centers + offset) + deviation * load<f32>(noise + offset);
        store<f32>(raw + at(i * stride + k), value);
      }
      for (let k = drawsPerState; k < perState; k++) {
        const value = load<f32>(uniforms + at((k - drawsPerState) * size + i));
        store<f32>(squashed + at(i * stride + k), min(max(value, -LARGEST_ACTION), LARGEST_ACTION));
      }
      for (let k = 0; k < drawsPerState; k += 4) {
        const offset = at(i * stride + k), lanes = drawsPerState - k;
        storeUpTo4(squashed + offset, hyperbolicTangent(loadUpTo4(raw + offset, lanes)), lanes);
      }
      for (let k = drawsPerState; k < perState; k += 4) {
        const offset = at(i * stride + k), lanes = perState - k;
        storeUpTo4(raw + offset, inverseTangent(loadUpTo4(squashed + offset, lanes)), lanes);
      }
      for (let k = 0; k < perState; k++) {
        store<f32>(actions + at(k * size + i), load<f32>(squashed + at(i * stride + k)));
      }
    }
    for (let k = 0; k < perState; k += 4) {
      let logSlope = f32x4.splat(0);
      for (let i = 0; i < size; i++) {
        logSlope = f32x4.add(logSlope, logSlopeOfTanh(v128.load(raw + at(i * stride + k))));
      }
      let kernels = kernelExponent(raw + at(k), centers, precisions, size, stride);
      for (let j = 1; j < drawsPerState; j++) {
        kernels = logAddExp(kernels, kernelExponent(raw + at(k), centers + at(j * size), precisions, size, stride));
      }
      kernels = f32x4.sub(f32x4.sub(kernels, logSlope), f32x4.splat(constant));
      storeUpTo4(logDensities + at(k), logAddExp(uniform, kernels), perState - k);
    }
    draws += at(drawsPerState * size);
    noise += at(drawsPerState * size);
    uniforms += at((perState - drawsPerState) * size);
    actions += at(perState * size);
    logDensities += at(perState);
  }
}

/** Scott's rule: `bandwidth` times the standard deviation of every `size`-th of n numbers. */
function kernelDeviation(centers: usize, n: i32, size: i32, bandwidth: f32): f32 {
  let mean: f32 = 0;
  for (let j = 0; j < n; j++) mean += load<f32>(centers + at(j * size));
  mean /= <f32>n;
  let variance: f32 = 0;
  for (let j = 0; j < n; j++) {
    const difference = load<f32>(centers + at(j * size)) - mean;
    variance += difference * difference;
  }
  return max(bandwidth * sqrt<f32>(variance / <f32>n), SMALLEST_DEVIATION);
}

/** -sum_i ((raw_i - center_i) precision_i)^2 / 2 of four proposals. */
// @ts-ignore: decorator
@inline
function kernelExponent(raw: usize, center: usize, precisions: usize, size: i32, stride: i32): v128 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < size; i++) {
    const difference = f32x4.sub(v128.load(raw + at(i * stride)), v128.load32_splat(center + at(i)));
    const scaled = f32x4.mul(difference, v128.load32_splat(precisions + at(i)));
    sum = f32x4.add(sum, f32x4.mul(scaled, scaled));
  }
  return f32x4.mul(sum, f32x4.splat(-0.5));
}
