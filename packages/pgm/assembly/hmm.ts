// The recursions of src/hmm/forward-messages.ts and backward-step.ts for steps without faint probabilities.
// src/kernels/hmm.ts lays out the memory.
import { atLeast, LEAST_EXPONENT, tableExp } from './tables';

// @ts-ignore: decorator
@external('env', 'exp')
declare function expOf(x: f64): f64;
// @ts-ignore: decorator
@external('env', 'log')
declare function logOf(x: f64): f64;

/** As in src/hmm/forward-messages.ts. */
const FAINT: f64 = 1e-250;
const LEAST_SUM: f64 = 1e-30;

/**
 * out = M x, [rows]. M lies in panels of 8 columns, each [row pairs, 8, 2]; x is padded with zeros to a multiple of 8
 * entries, `rows` to an even number. Sums are those of src/hmm/packed-matrix.ts.
 */
function multiply(packed: usize, rows: usize, panels: i32, x: usize, out: usize): void {
  const end = out + (rows << 3);
  for (let at = out; at < end; at += 16) v128.store(at, f64x2.splat(0.0));
  for (; panels > 0; panels--, x += 64) {
    const x0 = v128.load64_splat(x);
    const x1 = v128.load64_splat(x, 8);
    const x2 = v128.load64_splat(x, 16);
    const x3 = v128.load64_splat(x, 24);
    const x4 = v128.load64_splat(x, 32);
    const x5 = v128.load64_splat(x, 40);
    const x6 = v128.load64_splat(x, 48);
    const x7 = v128.load64_splat(x, 56);
    for (let at = out; at < end; at += 16, packed += 128) {
      const first = f64x2.add(f64x2.mul(x0, v128.load(packed)), f64x2.mul(x1, v128.load(packed, 16)));
      const second = f64x2.add(f64x2.mul(x2, v128.load(packed, 32)), f64x2.mul(x3, v128.load(packed, 48)));
      const third = f64x2.add(f64x2.mul(x4, v128.load(packed, 64)), f64x2.mul(x5, v128.load(packed, 80)));
      const fourth = f64x2.add(f64x2.mul(x6, v128.load(packed, 96)), f64x2.mul(x7, v128.load(packed, 112)));
      const sum = f64x2.add(f64x2.add(first, second), f64x2.add(third, fourth));
      v128.store(at, f64x2.add(v128.load(at), sum));
    }
  }
}

/** Two numbers, the second 0 if only one is left. */
// @ts-ignore: decorator
@inline
function load2(at: usize, end: usize): v128 {
  return at + 16 <= end ? v128.load(at) : v128.load64_zero(at);
}

// @ts-ignore: decorator
@inline
function store2(at: usize, end: usize, value: v128): void {
  if (at + 16 <= end) v128.store(at, value);
  else v128.store_lane<f64>(at, value, 0);
}

// @ts-ignore: decorator
@inline
function possible(predicted: v128): v128 {
  return f64x2.gt(predicted, f64x2.splat(0.0));
}

/** exp(x) for an x below the table. */
function lowExp(x: f64): f64 {
  return x == -Infinity ? 0.0 : expOf(x);
}

/**
 * Takes up to `steps` steps. Rows of `predicted`, `likelihoods` and `normalizers` begin with the first step, rows of
 * `filtered` and `smallest` with the one before it. Returns the number of steps done: fewer where probabilities are so
 * faint, or an observation so improbable, that logarithms are needed. One entry after the last row is overwritten.
 */
export function hmmForward(
  states: i32,
  steps: i32,
  packed: usize,
  x: usize,
  likelihoods: usize,
  predicted: usize,
  filtered: usize,
  normalizers: usize,
  smallest: usize,
  leastTransition: f64,
): i32 {
  const panels = (states + 7) >> 3;
  const rows = <usize>((states + 1) & ~1);
  const width = <usize>states << 3;
  for (let step = 0; step < steps; step++) {
    memory.copy(x, filtered, width);
    multiply(packed, rows, panels, x, predicted);
    const end = predicted + width;
    if (load<f64>(smallest) * leastTransition < FAINT) {
      for (let at = predicted; at < end; at += 8) if (load<f64>(at) < FAINT) return step;
    }
    filtered += width;
    smallest += 8;
    let most = f64x2.splat(-Infinity);
    for (let at = predicted, i: usize = 0; at < end; at += 16, i += 16) {
      const weight = load2(at, end);
      const likelihood = load2(likelihoods + i, likelihoods + width);
      most = f64x2.pmax(most, v128.bitselect(likelihood, f64x2.splat(-Infinity), possible(weight)));
    }
    const first = f64x2.extract_lane(most, 0);
    const second = f64x2.extract_lane(most, 1);
    const maximum = first < second ? second : first;
    if (maximum == -Infinity) return step;
    let sum: f64 = 0.0;
    for (let at = predicted, i: usize = 0; at < end; at += 16, i += 16) {
      const prior = load2(at, end);
      const mask = possible(prior);
      const difference = f64x2.sub(load2(likelihoods + i, likelihoods + width), f64x2.splat(maximum));
      let likelihood = tableExp(atLeast(difference));
      const low = v128.and(f64x2.lt(difference, f64x2.splat(LEAST_EXPONENT)), mask);
      if (v128.any_true(low)) {
        const d0 = f64x2.extract_lane(difference, 0);
        const d1 = f64x2.extract_lane(difference, 1);
        if (i64x2.extract_lane(low, 0)) likelihood = f64x2.replace_lane(likelihood, 0, lowExp(d0));
        if (i64x2.extract_lane(low, 1)) likelihood = f64x2.replace_lane(likelihood, 1, lowExp(d1));
      }
      const weight = v128.and(f64x2.mul(prior, likelihood), mask);
      store2(filtered + i, filtered + width, weight);
      sum += f64x2.extract_lane(weight, 0);
      sum += f64x2.extract_lane(weight, 1);
    }
    if (sum < LEAST_SUM) return step;
    const scale = f64x2.splat(1.0 / sum);
    let least = f64x2.splat(Infinity);
    for (let at = predicted, i: usize = 0; at < end; at += 16, i += 16) {
      const probability = f64x2.mul(load2(filtered + i, filtered + width), scale);
      store2(filtered + i, filtered + width, probability);
      const allowed = f64x2.gt(load2(likelihoods + i, likelihoods + width), f64x2.splat(-Infinity));
      const counted = v128.and(possible(load2(at, end)), allowed);
      least = f64x2.pmin(least, v128.bitselect(probability, f64x2.splat(Infinity), counted));
    }
    const least0 = f64x2.extract_lane(least, 0);
    const least1 = f64x2.extract_lane(least, 1);
    store<f64>(smallest, least1 < least0 ? least1 : least0);
    store<f64>(normalizers, maximum + logOf(sum));
    predicted += width;
    likelihoods += width;
    normalizers += 8;
  }
  return steps;
}

/** Sets x to smoothed / predicted, 0 where that is 0 / 0. Returns the sum of `smoothed`. */
// @ts-ignore: decorator
@inline
function ratios(width: usize, predicted: usize, smoothed: usize, x: usize): f64 {
  let sum: f64 = 0.0;
  for (let i: usize = 0; i < width; i += 16) {
    const denominator = load2(predicted + i, predicted + width);
    const numerator = load2(smoothed + i, smoothed + width);
    const ratio = f64x2.div(numerator, denominator);
    store2(x + i, x + width, v128.and(ratio, f64x2.ge(denominator, f64x2.splat(FAINT))));
    sum += f64x2.extract_lane(numerator, 0);
    sum += f64x2.extract_lane(numerator, 1);
  }
  return sum;
}

/**
 * Takes `steps` steps back in time. Rows of `filtered` and `smoothed` begin with the earliest step, rows of `predicted`
 * with the one after it; the last row of `smoothed`, one more than `steps`, is given.
 */
export function hmmBackward(
  states: i32,
  steps: i32,
  packed: usize,
  x: usize,
  product: usize,
  predicted: usize,
  filtered: usize,
  smoothed: usize,
): void {
  const panels = (states + 7) >> 3;
  const rows = <usize>((states + 1) & ~1);
  const width = <usize>states << 3;
  const skipped = <usize>steps * width;
  predicted += skipped;
  filtered += skipped;
  smoothed += skipped;
  for (; steps > 0; steps--) {
    predicted -= width;
    filtered -= width;
    const scale = f64x2.splat(1.0 / ratios(width, predicted, smoothed, x));
    smoothed -= width;
    multiply(packed, rows, panels, x, product);
    for (let i: usize = 0; i < width; i += 16) {
      const joint = f64x2.mul(load2(filtered + i, filtered + width), v128.load(product + i));
      store2(smoothed + i, smoothed + width, f64x2.mul(joint, scale));
    }
  }
}

/**
 * Adds p(z_t = i, z_t+1 = j | Y) of `steps` steps to `counts`, [states, states], from the last step to the first.
 * `transition` is [states, states]; the other arrays are those of `hmmBackward`, all rows of `smoothed` given.
 */
export function hmmPairs(
  states: i32,
  steps: i32,
  transition: usize,
  x: usize,
  predicted: usize,
  filtered: usize,
  smoothed: usize,
  counts: usize,
): void {
  const width = <usize>states << 3;
  const size = <usize>states * width;
  for (let step = steps - 1; step >= 0; step--) {
    const row = <usize>step * width;
    ratios(width, predicted + row, smoothed + row + width, x);
    for (let i: usize = 0, line: usize = 0; line < size; i += 8, line += width) {
      const probability = load<f64>(filtered + row + i);
      if (probability == 0.0) continue;
      const from = f64x2.splat(probability);
      for (let j: usize = 0; j < width; j += 16) {
        const at = counts + line + j;
        const to = f64x2.mul(load2(transition + line + j, transition + line + width), v128.load(x + j));
        store2(at, counts + line + width, f64x2.add(load2(at, counts + line + width), f64x2.mul(from, to)));
      }
    }
  }
}
