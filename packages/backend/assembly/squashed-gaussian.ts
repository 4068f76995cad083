// A reparameterized sample from a Gaussian squashed by tanh, its log-density, and their gradient.
// `head` is batch x 2 actions: means, then log standard deviations before clamping.
import { exponential, hyperbolicTangent, softplus } from './functions';
import { at, firstLanes, loadUpTo4, multiplyAdd, storeUpTo4, sumLanes } from './vector';

const LOG_2: f32 = 0.693147180559945;
const HALF_LOG_2_PI: f32 = 0.918938533204673;

/**
 * rawAction u = mean + exp(s) noise, where s is the clamped log standard deviation; action = tanh u; and per row
 * logProb = sum_i -noise_i^2 / 2 - s_i - log(2 pi) / 2 - 2 (log 2 - u_i - softplus(-2 u_i)).
 */
export function squashedGaussian(
  head: usize, noise: usize, action: usize, rawAction: usize, logProb: usize,
  batch: i32, actions: i32, minimum: f32, maximum: f32,
): void {
  const lowest = f32x4.splat(minimum), highest = f32x4.splat(maximum);
  for (let row = 0; row < batch; row++) {
    let total = f32x4.splat(0);
    for (let i = 0; i < actions; i += 4) {
      const lanes = actions - i;
      const offset = at(i);
      const e = loadUpTo4(noise + offset, lanes);
      const mean = loadUpTo4(head + offset, lanes);
      const s = f32x4.min(f32x4.max(loadUpTo4(head + at(actions) + offset, lanes), lowest), highest);
      const u = multiplyAdd(mean, exponential(s), e);
      storeUpTo4(rawAction + offset, u, lanes);
      storeUpTo4(action + offset, hyperbolicTangent(u), lanes);
      const normal = f32x4.sub(f32x4.mul(f32x4.mul(e, e), f32x4.splat(-0.5)), f32x4.add(s, f32x4.splat(HALF_LOG_2_PI)));
      const fold = f32x4.sub(f32x4.sub(f32x4.splat(LOG_2), u), softplus(f32x4.mul(u, f32x4.splat(-2))));
      const term = f32x4.sub(normal, f32x4.add(fold, fold));
      total = f32x4.add(total, v128.and(term, firstLanes(lanes)));
    }
    store<f32>(logProb, sumLanes(total));
    head += at(2 * actions);
    noise += at(actions);
    action += at(actions);
    rawAction += at(actions);
    logProb += 4;
  }
}

/**
 * The gradient in `head`, given the gradients in the three outputs:
 * du = dRawAction + dAction (1 - action^2) + 2 action dLogProb; dMean = du;
 * ds = du exp(s) noise - dLogProb, zero where the clamp holds.
 */
export function squashedGaussianGradient(
  head: usize, noise: usize, action: usize, dAction: usize, dRawAction: usize, dLogProb: usize, dHead: usize,
  batch: i32, actions: i32, minimum: f32, maximum: f32,
): void {
  const lowest = f32x4.splat(minimum), highest = f32x4.splat(maximum);
  const one = f32x4.splat(1);
  for (let row = 0; row < batch; row++) {
    const density = v128.load32_splat(dLogProb);
    for (let i = 0; i < actions; i += 4) {
      const lanes = actions - i;
      const offset = at(i);
      const a = loadUpTo4(action + offset, lanes);
      let du = multiplyAdd(
        loadUpTo4(dRawAction + offset, lanes), loadUpTo4(dAction + offset, lanes), f32x4.sub(one, f32x4.mul(a, a)),
      );
      du = multiplyAdd(du, f32x4.add(a, a), density);
      const s = loadUpTo4(head + at(actions) + offset, lanes);
      const free = v128.and(f32x4.ge(s, lowest), f32x4.le(s, highest));
      const spread = f32x4.mul(exponential(s), loadUpTo4(noise + offset, lanes));
      storeUpTo4(dHead + offset, du, lanes);
      const ds = f32x4.sub(f32x4.mul(du, spread), density);
      storeUpTo4(dHead + at(actions) + offset, v128.and(ds, free), lanes);
    }
    head += at(2 * actions);
    noise += at(actions);
    action += at(actions);
    dAction += at(actions);
    dRawAction += at(actions);
    dLogProb += 4;
    dHead += at(2 * actions);
  }
}
