import { loaded, type Sweep } from '../kernels/registry.js';
import { logSumExpRows } from '../numerics/log-sum-exp-rows.js';
import type { ControlProblem } from './control-options.js';

/** How many states' action values are computed together: few enough to stay in the first-level cache. */
const BLOCK = 256;
/** A sum of exponentials below this may have lost terms to underflow and is computed again around its own maximum. */
const SAFE_SUM = 1e-250;

/**
 * The backward messages of one step. Values may share any offset: `endValue` is the value of an ended episode relative
 * to it, so 0 without an offset. A state or action from which every continuation is forbidden has the value -Infinity.
 */
export class Backup {
  readonly #problem: ControlProblem;
  readonly #blockQ: Float64Array;
  /** exp((V - maximum) / temperature), [states]; `exact` only. */
  readonly #weights: Float64Array;
  /** Undefined before the first sweep, null without a kernel. */
  #kernel: Sweep | null | undefined;

  constructor(problem: ControlProblem) {
    const { stateCount, actionCount } = problem.mdp;
    this.#problem = problem;
    this.#blockQ = new Float64Array(Math.min(stateCount, BLOCK) * actionCount);
    this.#weights = new Float64Array(problem.inference === 'exact' ? stateCount : 0);
  }

  /** Takes one step back in time: computes `out` = V_t from `next` = V_{t+1}, both [states]. */
  sweep(next: Float64Array, out: Float64Array, endValue: number): void {
    const problem = this.#problem;
    if (this.#kernel === undefined) this.#kernel = loaded.kernels?.sweep(problem) ?? null;
    if (this.#kernel?.(next, out, endValue)) return;
    const { stateCount, actionCount } = problem.mdp;
    const blockQ = this.#blockQ;
    const scale = this.#prepare(next);
    for (let from = 0; from < stateCount; from += BLOCK) {
      const to = Math.min(from + BLOCK, stateCount);
      this.#rows(problem.biasedReward, next, scale, endValue, from * actionCount, to * actionCount, blockQ);
      stateValues(problem, blockQ, from, to, out);
    }
    for (const state of problem.terminalStates) out[state] = endValue;
  }

  /** Computes Q_t, [states, actions], from `next` = V_{t+1} with `reward` instead of the problem's. */
  actionValues(reward: Float64Array, next: Float64Array, endValue: number, out: Float64Array): void {
    this.#rows(reward, next, this.#prepare(next), endValue, 0, reward.length, out);
  }

  /** Returns the maximum that the weights are relative to; -Infinity when nothing is possible. */
  #prepare(next: Float64Array): number {
    if (this.#problem.inference !== 'exact') return 0;
    const weights = this.#weights;
    const inverse = 1 / this.#problem.temperature;
    const maximum = maximumOf(next);
    for (let state = 0; state < weights.length; state++) {
      const value = next[state]!;
      weights[state] = value === -Infinity ? 0 : Math.exp((value - maximum) * inverse);
    }
    return maximum;
  }

  #rows(
    reward: Float64Array,
    next: Float64Array,
    maximum: number,
    endValue: number,
    fromRow: number,
    toRow: number,
    out: Float64Array,
  ): void {
    const { inference, rowOffsets, columns, probs, discount, temperature } = this.#problem;
    let i = rowOffsets[fromRow]!;
    let row = fromRow;
    if (inference !== 'exact') {
      // Increment the row before reading its entries: this keeps V8 from computing the index twice.
      for (let target = 0; row < toRow; target++) {
        const immediate = reward[row++]!;
        const end = rowOffsets[row]!;
        let mean = 0;
        for (; i < end; i++) mean += probs[i]! * next[columns[i]!]!;
        out[target] = immediate + discount * mean;
      }
      return;
    }
    const weights = this.#weights;
    const endWeight =
      discount === 1 || maximum === -Infinity
        ? 0
        : (1 - discount) * Math.exp((endValue - maximum) / temperature);
    for (; row < toRow; row++) {
      const end = rowOffsets[row + 1]!;
      let sum = 0;
      for (; i < end; i++) sum += probs[i]! * weights[columns[i]!]!;
      sum = discount * sum + endWeight;
      out[row - fromRow] =
        reward[row]! +
        (sum > SAFE_SUM && sum < Infinity
          ? maximum + temperature * Math.log(sum)
          : logMeanExp(this.#problem, next, row, endValue, 0));
    }
  }
}

/**
 * Returns temperature log(discount E exp(V' / temperature) + (1 - discount) exp(endValue / temperature)) - `origin`, at
 * any scale, and keeps its digits when values are near the origin.
 */
export function logMeanExp(
  problem: ControlProblem,
  next: Float64Array,
  row: number,
  endValue: number,
  origin: number,
): number {
  const { rowOffsets, columns, probs, discount, temperature } = problem;
  let maximum = discount < 1 ? endValue : -Infinity;
  for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
    maximum = Math.max(maximum, next[columns[i]!]!);
  }
  if (maximum === -Infinity) return -Infinity;
  let sum = discount < 1 ? (1 - discount) * Math.exp((endValue - maximum) / temperature) : 0;
  for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
    sum += discount * probs[i]! * Math.exp((next[columns[i]!]! - maximum) / temperature);
  }
  return maximum - origin + temperature * Math.log(sum);
}

/**
 * Computes V(s) from biased action values for from <= s < to; `q` starts at state `from`, `out` at state 0. The caller
 * must set terminal states.
 */
export function stateValues(
  { mdp, inference, temperature, valueShift }: ControlProblem,
  q: Float64Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const { actionCount } = mdp;
  if (inference !== 'hard') {
    logSumExpRows(q, actionCount, to - from, temperature, out, from);
    if (valueShift !== 0) for (let state = from; state < to; state++) out[state]! += valueShift;
    return;
  }
  for (let state = from, i = 0; state < to; state++) {
    let maximum = q[i++]!;
    for (let action = 1; action < actionCount; action++) maximum = Math.max(maximum, q[i++]!);
    out[state] = maximum;
  }
}

/**
 * Computes p(a | s, optimal from here on) from biased action values, [states, actions]. A terminal state gets the prior
 * (uniform for `none`; the first action for `hard`), and a state where every action is forbidden gets zeros.
 */
export function policyFromActionValues(problem: ControlProblem, q: Float64Array, out: Float64Array): void {
  const { mdp, inference, temperature, givenPrior, terminalStates } = problem;
  const { stateCount, actionCount } = mdp;
  for (let state = 0; state < stateCount; state++) {
    const start = state * actionCount;
    const end = start + actionCount;
    let best = start;
    for (let i = start + 1; i < end; i++) if (q[i]! > q[best]!) best = i;
    const maximum = q[best]!;
    if (maximum === -Infinity || inference === 'hard') {
      out.fill(0, start, end);
      if (maximum > -Infinity) out[best] = 1;
      continue;
    }
    let sum = 0;
    for (let i = start; i < end; i++) sum += out[i] = Math.exp((q[i]! - maximum) / temperature);
    for (let i = start; i < end; i++) out[i]! /= sum;
  }
  for (const state of terminalStates) {
    for (let action = 0; action < actionCount; action++) {
      const row = state * actionCount + action;
      out[row] = inference === 'hard' ? Number(action === 0) : (givenPrior?.[row] ?? 1 / actionCount);
    }
  }
}

/** Returns the largest of `values`, -Infinity if there are none. */
export function maximumOf(values: Float64Array): number {
  let maximum = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > maximum) maximum = values[i]!;
  return maximum;
}

/**
 * Returns TV - V for the infinite horizon, [states], computed from differences V(s') - V(s), which keeps its digits
 * where V is large and changes little, as it does near the fixed point. It is 0 where V is -Infinity and in terminal
 * states.
 */
export function changeBySweep(problem: ControlProblem, V: Float64Array): Float64Array {
  const { mdp, inference, discount, biasedReward, rowOffsets, columns, probs } = problem;
  const { stateCount, actionCount } = mdp;
  const change = new Float64Array(stateCount);
  const q = new Float64Array(actionCount);
  const one = new Float64Array(1);
  for (let state = 0; state < stateCount; state++) {
    const value = V[state]!;
    if (value === -Infinity) continue;
    for (let action = 0; action < actionCount; action++) {
      const row = state * actionCount + action;
      let mean = 0;
      for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
        mean += probs[i]! * (V[columns[i]!]! - value);
      }
      q[action] =
        biasedReward[row]! +
        (inference === 'exact'
          ? logMeanExp(problem, V, row, 0, value)
          : discount * mean - (1 - discount) * value);
    }
    stateValues(problem, q, 0, 1, one);
    change[state] = one[0]!;
  }
  for (const state of problem.terminalStates) change[state] = 0;
  return change;
}
