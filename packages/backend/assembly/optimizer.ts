// Parameter updates in place, and the norm of gradients.
import { at, loadUpTo4, multiplyAdd, storeUpTo4 } from './vector';

/**
 * One step of Adam (Kingma and Ba 2015, algorithm 1). `stepSize` is learningRate / (1 - beta1^t) and
 * `rootCorrection` is 1 / sqrt(1 - beta2^t); the complements 1 - beta come from the caller in full precision.
 */
export function adam(
  parameters: usize, gradient: usize, firstMoment: usize, secondMoment: usize, count: i32,
  beta1: f32, complement1: f32, beta2: f32, complement2: f32, stepSize: f32, rootCorrection: f32, epsilon: f32,
): void {
  const b1 = f32x4.splat(beta1), c1 = f32x4.splat(complement1);
  const b2 = f32x4.splat(beta2), c2 = f32x4.splat(complement2);
  const size = f32x4.splat(stepSize), correction = f32x4.splat(rootCorrection), eps = f32x4.splat(epsilon);
  for (let i = 0; i < count; i += 4) {
    const lanes = count - i;
    const offset = at(i);
    const g = loadUpTo4(gradient + offset, lanes);
    const m = multiplyAdd(f32x4.mul(loadUpTo4(firstMoment + offset, lanes), b1), g, c1);
    const v = multiplyAdd(f32x4.mul(loadUpTo4(secondMoment + offset, lanes), b2), f32x4.mul(g, g), c2);
    storeUpTo4(firstMoment + offset, m, lanes);
    storeUpTo4(secondMoment + offset, v, lanes);
    const root = multiplyAdd(eps, f32x4.sqrt(v), correction);
    const step = f32x4.div(f32x4.mul(m, size), root);
    storeUpTo4(parameters + offset, f32x4.sub(loadUpTo4(parameters + offset, lanes), step), lanes);
  }
}

/** target += tau (source - target). */
export function polyak(target: usize, source: usize, count: i32, tau: f32): void {
  const weight = f32x4.splat(tau);
  for (let i = 0; i < count; i += 4) {
    const lanes = count - i;
    const offset = at(i);
    const t = loadUpTo4(target + offset, lanes);
    const difference = f32x4.sub(loadUpTo4(source + offset, lanes), t);
    storeUpTo4(target + offset, multiplyAdd(t, weight, difference), lanes);
  }
}

/** sum_i x_i^2, accumulated in float64. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i = 0; i < count; i += 4) {
    const lanes = loadUpTo4(x + at(i), count - i);
    const first = f64x2.promote_low_f32x4(lanes);
    const second = f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(second, second));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** out = factor x. */
export function scale(x: usize, out: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const lanes = count - i;
    storeUpTo4(out + at(i), f32x4.mul(loadUpTo4(x + at(i), lanes), f), lanes);
  }
}
