// Stein variational gradient descent: see `steinDirections` in src/operations/stein-directions.ts.
import { exponential } from './functions';
import { at, loadUpTo4, multiplyAdd, padded, storeUpTo4, sumLanes } from './vector';

/** Smallest bandwidth h: it would be 0 for particles that coincide. */
const SMALLEST_BANDWIDTH: f32 = 1e-3;

/** How many bytes of scratch memory `steinDirections` needs. */
export function steinDirectionsScratch(fixedCount: i32, updatedCount: i32, size: i32): usize {
  return at(2 * size * padded(fixedCount) + 2 * fixedCount * updatedCount);
}

/**
 * Of each state, n particles x with scores s that stay fixed and m particles y that are to move, of d numbers each:
 *
 *   directions(y) = mean_j k(x_j, y) (s_j + (2 / h) (y - x_j)),  k(x, y) = exp(-|x - y|^2 / h),
 *
 * h the median of the squared distances over log n, at least 0.001. Arrays are [states, n or m, d]. `meanLength` gets the
 * mean length of the directions, `meanBandwidth` the mean of h.
 */
export function steinDirections(
  fixed: usize, scores: usize, updated: usize, directions: usize, meanLength: usize,
  meanBandwidth: usize, scratch: usize,
  states: i32, fixedCount: i32, updatedCount: i32, size: i32, logFixedCount: f32,
): void {
  const stride = padded(fixedCount);
  const pairs = fixedCount * updatedCount;
  // Dimension by dimension, so that four fixed particles are one vector. The padding of the last has no weight.
  const columnsOfFixed = scratch;
  const columnsOfScores = columnsOfFixed + at(size * stride);
  const distances = columnsOfScores + at(size * stride);
  const weights = distances + at(pairs);
  memory.fill(scratch, 0, at(2 * size * stride));
  const share: f32 = 1 / <f32>fixedCount;
  let lengths: f64 = 0;
  let bandwidths: f64 = 0;
  for (let state = 0; state < states; state++) {
    turn(fixed, columnsOfFixed, fixedCount, size, stride);
    turn(scores, columnsOfScores, fixedCount, size, stride);
    squaredDistances(columnsOfFixed, updated, distances, fixedCount, updatedCount, size, stride);
    memory.copy(weights, distances, at(pairs));
    const bandwidth = max(medianOf(weights, pairs) / logFixedCount, SMALLEST_BANDWIDTH);
    bandwidths += bandwidth;
    const negated = f32x4.splat(-bandwidth);
    const shares = f32x4.splat(share);
    for (let i = 0; i < pairs; i += 4) {
      const lanes = pairs - i;
      const kernel = exponential(f32x4.div(loadUpTo4(distances + at(i), lanes), negated));
      storeUpTo4(weights + at(i), f32x4.mul(kernel, shares), lanes);
    }
    const slope = f32x4.splat(2 / bandwidth);
    for (let i = 0; i < updatedCount; i++) {
      const ofParticle = weights + at(i * fixedCount);
      let squared: f32 = 0;
      for (let k = 0; k < size; k++) {
        const y = v128.load32_splat(updated + at(k));
        let sum = f32x4.splat(0);
        for (let j = 0; j < fixedCount; j += 4) {
          const x = v128.load(columnsOfFixed + at(k * stride + j));
          const pull = multiplyAdd(v128.load(columnsOfScores + at(k * stride + j)), slope, f32x4.sub(y, x));
          sum = multiplyAdd(sum, loadUpTo4(ofParticle + at(j), fixedCount - j), pull);
        }
        const entry = sumLanes(sum);
        store<f32>(directions + at(k), entry);
        squared += entry * entry;
      }
      lengths += sqrt<f32>(squared);
      updated += at(size);
      directions += at(size);
    }
    fixed += at(fixedCount * size);
    scores += at(fixedCount * size);
  }
  store<f32>(meanLength, <f32>(lengths / <f64>(states * updatedCount)));
  store<f32>(meanBandwidth, <f32>(bandwidths / <f64>states));
}

/** [count, size] to [size, stride]. */
function turn(rows: usize, columns: usize, count: i32, size: i32, stride: i32): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) {
      store<f32>(columns + at(k * stride + i), load<f32>(rows));
      rows += 4;
    }
  }
}

/** |x_j - y_i|^2, [m, n]. */
function squaredDistances(
  columns: usize, updated: usize, out: usize, fixedCount: i32, updatedCount: i32, size: i32, stride: i32,
): void {
  for (let i = 0; i < updatedCount; i++) {
    for (let j = 0; j < fixedCount; j += 4) {
      let sum = f32x4.splat(0);
      for (let k = 0; k < size; k++) {
        const difference = f32x4.sub(
          v128.load32_splat(updated + at(k)), v128.load(columns + at(k * stride + j)),
        );
        sum = multiplyAdd(sum, difference, difference);
      }
      storeUpTo4(out + at(j), sum, fixedCount - j);
    }
    updated += at(size);
    out += at(fixedCount);
  }
}

/** The median, of an even number the mean of the two in the middle; puts the values into another order. */
function medianOf(values: usize, count: i32): f32 {
  const middle = count >> 1;
  const upper = select(values, count, middle);
  if (count & 1) return upper;
  let lower = load<f32>(values);
  for (let i = 1; i < middle; i++) lower = max(lower, load<f32>(values + at(i)));
  return (lower + upper) / 2;
}

/** The value with `rank` smaller ones, which lie before it afterwards: Hoare's algorithm, as Wirth wrote it. */
function select(values: usize, count: i32, rank: i32): f32 {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = load<f32>(values + at(rank));
    let i = left;
    let j = right;
    do {
      while (load<f32>(values + at(i)) < pivot) i++;
      while (pivot < load<f32>(values + at(j))) j--;
      if (i <= j) {
        const held = load<f32>(values + at(i));
        store<f32>(values + at(i), load<f32>(values + at(j)));
        store<f32>(values + at(j), held);
        i++;
        j--;
      }
    } while (i <= j);
    if (j < rank) left = i;
    if (rank < i) right = j;
  }
  return load<f32>(values + at(rank));
}
