// One sweep of value iteration over sparse transitions, as src/control/backup.ts does it. src/kernels/sweep.ts lays out
// the memory.
import { atLeast, logOfSum, tableExp, wideLog } from './tables';

// @ts-ignore: decorator
@external('env', 'log')
declare function logOf(x: f64): f64;
/** The value of a row whose sum underflows, computed around its own maximum. */
// @ts-ignore: decorator
@external('env', 'meanOfRow')
declare function meanOfRow(row: i32): f64;

/** As in src/control/backup.ts. */
const SAFE_SUM: f64 = 1e-250;
/** Sums of exponentials up to this have a table of logarithms. */
const MOST: f64 = 8.0;
/** Rows of up to this many entries have a loop of their own where all rows of a block have as many. */
const MOST_UNROLLED: u32 = 4;

/** Turns `count` columns into addresses of float64 entries of the vector at `base`. */
export function address(columns: usize, count: i32, base: usize): void {
  const end = columns + (<usize>count << 2);
  for (; columns < end; columns += 4) store<u32>(columns, <u32>base + (load<u32>(columns) << 3));
}

/**
 * Writes how many entries every row of a block has, 0 if the rows differ or have more than MOST_UNROLLED, for each
 * `block` states of `states`.
 */
export function rowLengths(offsets: usize, states: i32, actions: i32, block: i32, lengths: usize): void {
  for (let from = 0; from < states; from += block, lengths++) {
    const first = offsets + (<usize>(from * actions) << 2);
    const last = first + (<usize>(min(block, states - from) * actions) << 2);
    let length = load<u32>(first, 4) - load<u32>(first);
    for (let at = first; at < last; at += 4) if (load<u32>(at, 4) - load<u32>(at) != length) length = 0;
    store<u8>(lengths, length > MOST_UNROLLED ? 0 : length);
  }
}

/** Whether all of `count` numbers are below 1e300, and none is NaN: no step of a sweep is NaN or Infinity then. */
export function usable(values: usize, count: i32): bool {
  const end = values + (<usize>(count & ~1) << 3);
  let all = i64x2.splat(-1);
  for (; values < end; values += 16) {
    all = v128.and(all, f64x2.lt(v128.load(values), f64x2.splat(1e300)));
  }
  if (count & 1) all = v128.and(all, f64x2.lt(v128.load64_splat(values), f64x2.splat(1e300)));
  return i64x2.all_true(all);
}

/** The largest of `count` numbers, -Infinity if there are none. */
export function largest(values: usize, count: i32): f64 {
  const end = values + (<usize>(count & ~1) << 3);
  let most = f64x2.splat(-Infinity);
  for (; values < end; values += 16) most = f64x2.pmax(most, v128.load(values));
  if (count & 1) most = f64x2.pmax(most, v128.load64_splat(values));
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
 * Computes V = `out`, [states]; one more entry may be overwritten. `columns` are addresses in the vector that the
 * transitions multiply: the next values, or for `exact` their weights. `terms` is room for [actions, block], rows
 * `stride` bytes apart; block is even. For `exact`, `end` is the weight of an ended episode.
 */
export function sweep(
  exact: bool,
  hard: bool,
  states: i32,
  actions: i32,
  offsets: usize,
  lengths: usize,
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
    const target = out + (<usize>from << 3);
    const row = <usize>(from * actions);
    const entry = <usize>load<u32>(offsets + (row << 2));
    const offset = offsets + (row << 2);
    const column = columns + (entry << 2);
    const prob = probs + (entry << 3);
    const reward = rewards + (row << 3);
    const length = load<u8>(lengths++);
    if (exact) {
      expectations(-1, true, count, actions, offset, column, prob, reward, terms, stride, discount, end);
      takeLogs(from, count, actions, rewards, terms, stride, temperature, maximum);
    } else if (length == 0) {
      expectations(-1, false, count, actions, offset, column, prob, reward, terms, stride, discount, end);
    } else if (length == 1) {
      expectations(1, false, count, actions, offset, column, prob, reward, terms, stride, discount, end);
    } else if (length == 2) {
      expectations(2, false, count, actions, offset, column, prob, reward, terms, stride, discount, end);
    } else if (length == 3) {
      expectations(3, false, count, actions, offset, column, prob, reward, terms, stride, discount, end);
    } else {
      expectations(4, false, count, actions, offset, column, prob, reward, terms, stride, discount, end);
    }
    if (hard) maxima(count, actions, target, terms, stride);
    else softMaxima(count, actions, target, terms, stride, temperature, shift);
  }
}

/**
 * Writes reward + discount sum_i p_i x_i for each row of `count` states to `terms`, [actions, count]; without the
 * reward, plus `end`, if it is `bare`. Pointers are those of the first row, and every row has `length` entries, or any
 * number if it is negative.
 */
// @ts-ignore: decorator
@inline
function expectations(
  length: i32,
  bare: bool,
  count: i32,
  actions: i32,
  offset: usize,
  column: usize,
  prob: usize,
  reward: usize,
  terms: usize,
  stride: usize,
  discount: f64,
  end: f64,
): void {
  const origin = prob - (<usize>load<u32>(offset) << 3);
  const last = terms + (<usize>count << 3);
  const height = <usize>actions * stride;
  for (let top = terms; top < last; top += 8) {
    const bottom = top + height;
    for (let at = top; at < bottom; at += stride) {
      let sum: f64 = 0.0;
      if (length < 0) {
        offset += 4;
        const stop = origin + (<usize>load<u32>(offset) << 3);
        while (prob + 32 <= stop) {
          sum = addProducts(4, sum, prob, column);
          prob += 32;
          column += 16;
        }
        if (prob + 16 <= stop) {
          sum = addProducts(2, sum, prob, column);
          prob += 16;
          column += 8;
        }
        if (prob < stop) {
          sum = addProducts(1, sum, prob, column);
          prob += 8;
          column += 4;
        }
      } else {
        sum = addProducts(length, sum, prob, column);
        prob += <usize>length << 3;
        column += <usize>length << 2;
      }
      if (bare) {
        store<f64>(at, discount * sum + end);
      } else {
        store<f64>(at, load<f64>(reward) + discount * sum);
        reward += 8;
      }
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

/** Replaces each sum in `terms` by reward + (maximum + temperature log sum). */
function takeLogs(
  from: i32,
  count: i32,
  actions: i32,
  rewards: usize,
  terms: usize,
  stride: usize,
  temperature: f64,
  maximum: f64,
): void {
  const width = <usize>actions << 3;
  for (let action = 0; action < actions; action++, terms += stride) {
    for (let state = 0; state < count; state += 2) {
      const at = terms + (<usize>state << 3);
      const row = (from + state) * actions + action;
      const sums = v128.load(at);
      let logs = f64x2.add(f64x2.splat(maximum), f64x2.mul(f64x2.splat(temperature), wideLog(sums)));
      const safe = v128.and(f64x2.gt(sums, f64x2.splat(SAFE_SUM)), f64x2.lt(sums, f64x2.splat(Infinity)));
      const pair = state + 1 < count;
      if (!i64x2.all_true(safe)) {
        if (i64x2.extract_lane(safe, 0) == 0) logs = f64x2.replace_lane(logs, 0, meanOfRow(row));
        if (pair && i64x2.extract_lane(safe, 1) == 0) logs = f64x2.replace_lane(logs, 1, meanOfRow(row + actions));
      }
      const reward = rewards + (<usize>row << 3);
      let immediate = v128.load64_zero(reward);
      if (pair) immediate = v128.load_lane<f64>(reward + width, immediate, 1);
      v128.store(at, f64x2.add(immediate, logs));
    }
  }
}

/** out = max over actions. */
function maxima(count: i32, actions: i32, out: usize, terms: usize, stride: usize): void {
  const end = out + (<usize>count << 3);
  const height = <usize>actions * stride;
  for (; out < end; out += 16, terms += 16) {
    let most = v128.load(terms);
    for (let at = terms + stride; at < terms + height; at += stride) most = f64x2.max(most, v128.load(at));
    v128.store(out, most);
  }
}

/** out = temperature log sum over actions of exp(term / temperature), plus `shift`. */
function softMaxima(
  count: i32,
  actions: i32,
  out: usize,
  terms: usize,
  stride: usize,
  temperature: f64,
  shift: f64,
): void {
  const end = out + (<usize>count << 3);
  const height = <usize>actions * stride;
  const inverse = f64x2.splat(1.0 / temperature);
  for (; out < end; out += 16, terms += 16) {
    const bottom = terms + height;
    let most = v128.load(terms);
    for (let at = terms + stride; at < bottom; at += stride) most = f64x2.pmax(most, v128.load(at));
    let highest = v128.load(terms);
    let sum = f64x2.splat(1.0);
    for (let at = terms + stride; at < bottom; at += stride) {
      const value = v128.load(at);
      const lower = f64x2.pmin(highest, value);
      highest = f64x2.pmax(highest, value);
      sum = f64x2.add(sum, tableExp(atLeast(f64x2.mul(f64x2.sub(lower, most), inverse))));
    }
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
