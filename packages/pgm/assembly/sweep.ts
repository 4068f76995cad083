// One sweep of value iteration over sparse transitions, as src/control/backup.ts does it. src/kernels/sweep.ts lays out
// the memory, with src/kernels/stored-transitions.ts.
import { atLeast, logOfSum, tableExp, wideLog } from './tables';

// @ts-ignore: decorator
@external('env', 'log')
declare function logOf(x: f64): f64;
/** The exact value of a state whose sum underflows, computed around its own maximum. */
// @ts-ignore: decorator
@external('env', 'exactValue')
declare function exactValue(state: i32): f64;

/** As in src/control/backup.ts. */
const SAFE_SUM: f64 = 1e-250;
/** Sums of exponentials up to this have a table of logarithms. */
const MOST: f64 = 8.0;
/** The kind of a block of runs. */
const RUNS: u8 = 255;

/** The largest of `count` numbers, -Infinity if there are none; NaN if one is NaN or not below 1e300. */
export function largest(values: usize, count: i32): f64 {
  const end = values + (<usize>(count & ~1) << 3);
  let most = f64x2.splat(-Infinity);
  // No step of a sweep over such numbers is NaN or Infinity.
  let usable = i64x2.splat(-1);
  for (; values < end; values += 16) {
    const pair = v128.load(values);
    most = f64x2.pmax(most, pair);
    usable = v128.and(usable, f64x2.lt(pair, f64x2.splat(1e300)));
  }
  if (count & 1) {
    const last = v128.load64_splat(values);
    most = f64x2.pmax(most, last);
    usable = v128.and(usable, f64x2.lt(last, f64x2.splat(1e300)));
  }
  if (!i64x2.all_true(usable)) return NaN;
  const first = f64x2.extract_lane(most, 0);
  const second = f64x2.extract_lane(most, 1);
  return first < second ? second : first;
}

/** Replaces `count` values by exp((value - maximum) inverse), and by 0 for -Infinity; one more may be overwritten. */
export function weigh(values: usize, count: i32, maximum: f64, inverse: f64): void {
  const end = values + (<usize>count << 3);
  for (; values < end; values += 16) {
    const value = v128.load(values);
    const x = f64x2.mul(f64x2.sub(value, f64x2.splat(maximum)), f64x2.splat(inverse));
    const weight = tableExp(f64x2.pmax(x, f64x2.splat(-700.0)));
    v128.store(values, v128.andnot(weight, f64x2.eq(value, f64x2.splat(-Infinity))));
  }
}

/**
 * Computes V = `out`, [states]; one more entry may be overwritten. States go in blocks, and `kinds` says how each block is
 * stored: with rows of its own, all of 1 to 4 entries or, if it is 0, of any number; or as RUNS of states.
 *
 * - Row i has the entries `offsets`[i] to `offsets`[i + 1] of `columns` and `probs`, at least one. Columns are addresses in the vector
 *   that the transitions multiply: the next values, or for `exact` their weights.
 * - Each of `runs` is 256 i + n: n states that follow one another, whose rows are rows i, i + 1, ... of `patterns`, moved
 *   from state to state. `patterns` are offsets too, and their columns are the addresses for state 0.
 * - `rewards` are [actions, 8] for each 8 states. For `exact` they are [actions + 1, 8]: exp((reward - largest reward of
 *   the state) / temperature), and that largest reward.
 * - `terms` is room for [actions, block], rows `stride` bytes apart; block is a multiple of 8.
 *
 * For `exact`, `end` is the weight of an ended episode.
 */
export function sweep(
  exact: bool,
  hard: bool,
  states: i32,
  actions: i32,
  kinds: usize,
  offsets: usize,
  runs: usize,
  patterns: usize,
  columns: usize,
  probs: usize,
  rewards: usize,
  out: usize,
  terms: usize,
  block: i32,
  stride: usize,
  discount: f64,
  temperature: f64,
  shift: f64,
  maximum: f64,
  end: f64,
): void {
  for (let from = 0; from < states; from += block) {
    const count = min(block, states - from);
    const kind = load<u8>(kinds++);
    if (kind == RUNS) {
      runs = expectationsOfRuns(from, count, actions, runs, patterns, columns, probs, terms, stride);
    } else {
      // No `else`, so that the compiler keeps the loops apart.
      if (kind == 0) expectations(-1, count, actions, offsets, columns, probs, terms, stride);
      if (kind == 1) expectations(1, count, actions, offsets, columns, probs, terms, stride);
      if (kind == 2) expectations(2, count, actions, offsets, columns, probs, terms, stride);
      if (kind == 3) expectations(3, count, actions, offsets, columns, probs, terms, stride);
      if (kind == 4) expectations(4, count, actions, offsets, columns, probs, terms, stride);
      offsets += <usize>(count * actions) << 2;
    }
    if (exact) {
      exactValues(from, count, actions, rewards, out, terms, stride, discount, temperature, shift, maximum, end);
      rewards += <usize>count << 3;
    } else if (hard) {
      maxima(true, count, actions, rewards, out, terms, stride, discount);
    } else {
      maxima(false, count, actions, rewards, out, terms, stride, discount);
      softMaxima(count, actions, out, terms, stride, temperature, shift);
    }
    rewards += <usize>(count * actions) << 3;
    out += <usize>count << 3;
  }
}

/**
 * Writes sum_i p_i x_i for each row of `count` states to `terms`, [actions, count]. `offset` is the first row's, and every
 * row has `length` entries, or any number if it is negative.
 */
// @ts-ignore: decorator
@inline
function expectations(
  length: i32,
  count: i32,
  actions: i32,
  offset: usize,
  columns: usize,
  probs: usize,
  terms: usize,
  stride: usize,
): void {
  const entry = <usize>load<u32>(offset);
  let column = columns + (entry << 2);
  let prob = probs + (entry << 3);
  const last = terms + (<usize>count << 3);
  const height = <usize>actions * stride;
  for (let top = terms; top < last; top += 8) {
    const bottom = top + height;
    for (let at = top; at < bottom; at += stride) {
      let sum: f64 = 0.0;
      if (length < 0) {
        offset += 4;
        const stop = probs + (<usize>load<u32>(offset) << 3);
        for (; prob < stop; prob += 8, column += 4) sum = addProducts(1, sum, prob, column);
      } else {
        sum = addProducts(length, sum, prob, column);
        prob += <usize>length << 3;
        column += <usize>length << 2;
      }
      store<f64>(at, sum);
    }
  }
}

/** sum plus the products of `count` entries, at most 4, one after the other. */
// @ts-ignore: decorator
@inline
function addProducts(count: i32, sum: f64, prob: usize, column: usize): f64 {
  sum += load<f64>(prob) * load<f64>(<usize>load<u32>(column));
  if (count > 1) sum += load<f64>(prob, 8) * load<f64>(<usize>load<u32>(column, 4));
  if (count > 2) sum += load<f64>(prob, 16) * load<f64>(<usize>load<u32>(column, 8));
  if (count > 3) sum += load<f64>(prob, 24) * load<f64>(<usize>load<u32>(column, 12));
  return sum;
}

/** Does the same for a block of `runs`; returns where the next block's begin. */
function expectationsOfRuns(
  from: i32,
  count: i32,
  actions: i32,
  runs: usize,
  patterns: usize,
  columns: usize,
  probs: usize,
  terms: usize,
  stride: usize,
): usize {
  const last = terms + (<usize>count << 3);
  const height = <usize>actions * stride;
  // What turns the place of a sum into the place of its state's value.
  const origin = (<usize>from << 3) - terms;
  while (terms < last) {
    const run = load<u32>(runs);
    runs += 4;
    let offset = patterns + (<usize>(run >> 8) << 2);
    const width = <usize>(run & 255) << 3;
    const entry = <usize>load<u32>(offset);
    let column = columns + (entry << 2);
    let prob = probs + (entry << 3);
    const bottom = terms + height;
    let state = origin + terms;
    for (let at = terms; at < bottom; at += stride) {
      offset += 4;
      const stop = probs + (<usize>load<u32>(offset) << 3);
      let length = (stop - prob) >> 3;
      if (length == 3) addRun(3, true, at, width, state, prob, column);
      else if (length == 2) addRun(2, true, at, width, state, prob, column);
      else if (length == 1) addRun(1, true, at, width, state, prob, column);
      else {
        addRun(4, true, at, width, state, prob, column);
        for (let i: usize = 4; i < length; i++) {
          addRun(1, false, at, width, state, prob + (i << 3), column + (i << 2));
        }
      }
      prob = stop;
      column += length << 2;
    }
    terms += width;
  }
  return runs;
}

/**
 * Adds `count` products, at most 4, of a row to the sums at `at`, `width` bytes of them, for states whose values follow one
 * another; from 0, if they are the `first`. One more sum may be overwritten.
 */
// @ts-ignore: decorator
@inline
function addRun(count: i32, first: bool, at: usize, width: usize, state: usize, prob: usize, column: usize): void {
  const end = at + width;
  const p0 = v128.load64_splat(prob);
  const p1 = count > 1 ? v128.load64_splat(prob, 8) : p0;
  const p2 = count > 2 ? v128.load64_splat(prob, 16) : p0;
  const p3 = count > 3 ? v128.load64_splat(prob, 24) : p0;
  // Addresses of values, relative to those of sums.
  const x0 = <usize>load<u32>(column) + state - at;
  const x1 = count > 1 ? <usize>load<u32>(column, 4) + state - at : 0;
  const x2 = count > 2 ? <usize>load<u32>(column, 8) + state - at : 0;
  const x3 = count > 3 ? <usize>load<u32>(column, 12) + state - at : 0;
  for (; at < end; at += 16) {
    let sum = first ? f64x2.splat(0.0) : v128.load(at);
    sum = f64x2.add(sum, f64x2.mul(p0, v128.load(x0 + at)));
    if (count > 1) sum = f64x2.add(sum, f64x2.mul(p1, v128.load(x1 + at)));
    if (count > 2) sum = f64x2.add(sum, f64x2.mul(p2, v128.load(x2 + at)));
    if (count > 3) sum = f64x2.add(sum, f64x2.mul(p3, v128.load(x3 + at)));
    v128.store(at, sum);
  }
}

/**
 * out = max over actions of the value, reward + discount term. If it is not `hard`, each term becomes the lower one of its
 * value and the largest value before it, so that all terms but the first hold the values other than the maximum.
 */
// @ts-ignore: decorator
@inline
function maxima(
  hard: bool,
  count: i32,
  actions: i32,
  rewards: usize,
  out: usize,
  terms: usize,
  stride: usize,
  discount: f64,
): void {
  const width = <usize>count << 3;
  const height = <usize>actions * stride;
  for (let state: usize = 0; state < width; state += 16) {
    const end = terms + state + height;
    let reward = rewards + (state & ~63) * actions + (state & 63);
    let most = f64x2.splat(-Infinity);
    for (let at = terms + state; at < end; at += stride, reward += 64) {
      const term = f64x2.add(v128.load(reward), f64x2.mul(f64x2.splat(discount), v128.load(at)));
      if (!hard) v128.store(at, f64x2.pmin(most, term));
      // `max` takes the 0 of 0 and -0, as Math.max does.
      most = hard ? f64x2.max(most, term) : f64x2.pmax(most, term);
    }
    v128.store(out + state, most);
  }
}

/**
 * out = temperature log sum over actions of exp(value / temperature), plus `shift`, from what `maxima` leaves in out and
 * terms. Sums and logarithms have separate loops, so that the processor can overlap neighboring states.
 */
function softMaxima(
  count: i32,
  actions: i32,
  out: usize,
  terms: usize,
  stride: usize,
  temperature: f64,
  shift: f64,
): void {
  const last = out + (<usize>count << 3);
  const height = <usize>actions * stride;
  const inverse = f64x2.splat(1.0 / temperature);
  const place = terms - out;
  for (let to = out; to < last; to += 16) {
    const top = to + place;
    const bottom = top + height;
    const most = v128.load(to);
    let sum = f64x2.splat(1.0);
    for (let at = top + stride; at < bottom; at += stride) {
      sum = f64x2.add(sum, tableExp(atLeast(f64x2.mul(f64x2.sub(v128.load(at), most), inverse))));
    }
    v128.store(top, sum);
  }
  for (; out < last; out += 16) {
    const most = v128.load(out);
    const sum = v128.load(out + place);
    let logs = logOfSum(sum);
    if (v128.any_true(f64x2.gt(sum, f64x2.splat(MOST)))) {
      const first = f64x2.extract_lane(sum, 0);
      const second = f64x2.extract_lane(sum, 1);
      if (first > MOST) logs = f64x2.replace_lane(logs, 0, logOf(first));
      if (second > MOST) logs = f64x2.replace_lane(logs, 1, logOf(second));
    }
    let value = f64x2.add(most, f64x2.mul(f64x2.splat(temperature), logs));
    value = v128.bitselect(most, value, f64x2.eq(most, f64x2.splat(-Infinity)));
    if (shift != 0.0) value = f64x2.add(value, f64x2.splat(shift));
    v128.store(out, value);
  }
}

/**
 * out = temperature log sum over actions of exp(reward / temperature) (discount term + end), plus `maximum` and `shift`.
 * This is `exact` without the logarithm of each term, which the soft maximum would undo.
 */
function exactValues(
  from: i32,
  count: i32,
  actions: i32,
  rewards: usize,
  out: usize,
  terms: usize,
  stride: usize,
  discount: f64,
  temperature: f64,
  shift: f64,
  maximum: f64,
  end: f64,
): void {
  const width = <usize>count << 3;
  const height = <usize>actions * stride;
  for (let state: usize = 0; state < width; state += 16) {
    const bottom = terms + state + height;
    let reward = rewards + (state & ~63) * (actions + 1) + (state & 63);
    let sum = f64x2.splat(0.0);
    for (let at = terms + state; at < bottom; at += stride, reward += 64) {
      const term = f64x2.add(f64x2.mul(f64x2.splat(discount), v128.load(at)), f64x2.splat(end));
      sum = f64x2.add(sum, f64x2.mul(v128.load(reward), term));
    }
    v128.store(terms + state, sum);
    v128.store(out + state, v128.load(reward));
  }
  for (let state: usize = 0; state < width; state += 16) {
    const sum = v128.load(terms + state);
    const most = v128.load(out + state);
    const logs = f64x2.add(f64x2.splat(maximum), f64x2.mul(f64x2.splat(temperature), wideLog(sum)));
    let value = f64x2.add(most, logs);
    if (shift != 0.0) value = f64x2.add(value, f64x2.splat(shift));
    const impossible = f64x2.eq(most, f64x2.splat(-Infinity));
    value = v128.bitselect(most, value, impossible);
    const inRange = v128.and(f64x2.gt(sum, f64x2.splat(SAFE_SUM)), f64x2.lt(sum, f64x2.splat(Infinity)));
    const safe = v128.or(inRange, impossible);
    if (!i64x2.all_true(safe)) {
      const first = from + <i32>(state >> 3);
      if (i64x2.extract_lane(safe, 0) == 0) value = f64x2.replace_lane(value, 0, exactValue(first));
      if (state + 8 < width && i64x2.extract_lane(safe, 1) == 0) {
        value = f64x2.replace_lane(value, 1, exactValue(first + 1));
      }
    }
    v128.store(out + state, value);
  }
}
