// Values, targets and losses of maximum-entropy actor-critic methods: a few hundred numbers, of which every operation of
// TensorFlow.js would take a pass of its own. Each step is rounded as there: nothing here is a fused multiply-add.
//
// `values` is members x batch; V of an element is the smallest over the members, the first of them on ties.
import { at, loadUpTo4, storeUpTo4 } from './vector';

/** min_i values[i, first .. first + 3]. */
// @ts-ignore: decorator
@inline
function smallestOf4(values: usize, members: i32, batch: i32, first: i32): v128 {
  const lanes = batch - first;
  let smallest = loadUpTo4(values + at(first), lanes);
  for (let member = 1; member < members; member++) {
    smallest = f32x4.pmin(smallest, loadUpTo4(values + at(member * batch + first), lanes));
  }
  return smallest;
}

/**
 * out = rewards + (continues V) discount, V = min_i values_i - temperature logProb. `temperature` is the address of one
 * number. Without `logProb` (0), V is the minimum; without `rewards` and `continues`, `out` is V.
 */
export function softBellmanTarget(
  values: usize, logProb: usize, temperature: usize, rewards: usize, continues: usize, out: usize,
  members: i32, batch: i32, discount: f32,
): void {
  const factor = f32x4.splat(discount);
  const weight = logProb ? v128.load32_splat(temperature) : f32x4.splat(0);
  for (let i = 0; i < batch; i += 4) {
    const lanes = batch - i;
    let result = smallestOf4(values, members, batch, i);
    if (logProb) result = f32x4.sub(result, f32x4.mul(weight, loadUpTo4(logProb + at(i), lanes)));
    if (rewards) {
      const later = f32x4.mul(f32x4.mul(loadUpTo4(continues + at(i), lanes), result), factor);
      result = f32x4.add(loadUpTo4(rewards + at(i), lanes), later);
    }
    storeUpTo4(out + at(i), result, lanes);
  }
}

/** The gradient in `values` of the smallest value of each element: every member that has it gets all of `dOut`. */
export function smallestValueGradient(
  values: usize, dOut: usize, dValues: usize, members: i32, batch: i32,
): void {
  for (let i = 0; i < batch; i += 4) {
    const lanes = batch - i;
    const smallest = smallestOf4(values, members, batch, i);
    const above = loadUpTo4(dOut + at(i), lanes);
    for (let member = 0; member < members; member++) {
      const offset = at(member * batch + i);
      const chosen = f32x4.eq(loadUpTo4(values + offset, lanes), smallest);
      storeUpTo4(dValues + offset, v128.and(above, chosen), lanes);
    }
  }
}

/** out[0] = scale sum_(i, b) (values[i, b] - target[b])^2, added up in order. */
export function squaredError(values: usize, target: usize, out: usize, members: i32, batch: i32, scale: f32): void {
  let sum: f32 = 0;
  for (let member = 0; member < members; member++) {
    for (let i = 0; i < batch; i++) {
      const error = load<f32>(values) - load<f32>(target + at(i));
      sum += error * error;
      values += 4;
    }
  }
  store<f32>(out, sum * scale);
}

/** The gradient of `squaredError` in `values`, given that in its result. */
export function squaredErrorGradient(
  values: usize, target: usize, dOut: usize, dValues: usize, members: i32, batch: i32, scale: f32,
): void {
  const factor = f32x4.splat(load<f32>(dOut) * scale);
  for (let member = 0; member < members; member++) {
    for (let i = 0; i < batch; i += 4) {
      const lanes = batch - i;
      const error = f32x4.sub(loadUpTo4(values + at(i), lanes), loadUpTo4(target + at(i), lanes));
      storeUpTo4(dValues + at(i), f32x4.mul(factor, f32x4.add(error, error)), lanes);
    }
    values += at(batch);
    dValues += at(batch);
  }
}

/** loss[0] = mean_b (temperature logProb - V), entropy[0] = -mean_b logProb, added up in order. */
export function softPolicyLoss(
  values: usize, logProb: usize, temperature: usize, loss: usize, entropy: usize, members: i32, batch: i32,
): void {
  const weight = load<f32>(temperature);
  let lossSum: f32 = 0;
  let logProbSum: f32 = 0;
  for (let i = 0; i < batch; i++) {
    let smallest = load<f32>(values + at(i));
    for (let member = 1; member < members; member++) {
      const value = load<f32>(values + at(member * batch + i));
      if (value < smallest) smallest = value;
    }
    const density = load<f32>(logProb + at(i));
    lossSum += weight * density - smallest;
    logProbSum += density;
  }
  store<f32>(loss, lossSum / <f32>batch);
  store<f32>(entropy, -(logProbSum / <f32>batch));
}

/**
 * The gradients of `softPolicyLoss` in `values` (to each member that is the smallest) and in `logProb`, given those in
 * its results; either may be 0, for not wanted.
 */
export function softPolicyLossGradient(
  values: usize, temperature: usize, dLoss: usize, dEntropy: usize, dValues: usize, dLogProb: usize,
  members: i32, batch: i32,
): void {
  const each = load<f32>(dLoss) / <f32>batch;
  if (dLogProb) {
    const slope = each * load<f32>(temperature) + -load<f32>(dEntropy) / <f32>batch;
    for (let i = 0; i < batch; i++) store<f32>(dLogProb + at(i), slope);
  }
  if (dValues) {
    const slope = f32x4.splat(-each);
    const one = f32x4.splat(1);
    for (let i = 0; i < batch; i += 4) {
      const lanes = batch - i;
      const smallest = smallestOf4(values, members, batch, i);
      for (let member = 0; member < members; member++) {
        const offset = at(member * batch + i);
        const chosen = v128.and(one, f32x4.eq(loadUpTo4(values + offset, lanes), smallest));
        storeUpTo4(dValues + offset, f32x4.mul(slope, chosen), lanes);
      }
    }
  }
}
