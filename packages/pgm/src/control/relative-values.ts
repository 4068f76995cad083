import { Backup } from './backup.js';
import type { ControlProblem } from './control-options.js';
import { stronglyConnectedComponents } from './reachability.js';
import { SMALLEST_NORMAL } from './reward-scale.js';

/** Sets of states in which an agent can stay forever, and how. */
export interface RecurrentComponents {
  /** [states] */
  readonly componentOf: Int32Array;
  readonly count: number;
  /** 1 for rows that stay in their component; for `exact`, that may stay, as the posterior then does. */
  readonly rows: Uint8Array;
}

/**
 * Returns the strongly connected components for `exact`, and the maximal end components otherwise (de Alfaro 1997,
 * "Formal verification of probabilistic systems", section 3.3): rows that may leave their component are dropped until
 * none is left.
 */
export function recurrentComponents(problem: ControlProblem, usable: Uint8Array): RecurrentComponents {
  const { inference, rowOffsets, columns, mdp } = problem;
  const rows = usable.slice();
  for (;;) {
    const { componentOf, count } = stronglyConnectedComponents(problem, rows);
    let changed = false;
    for (let row = 0; row < rows.length; row++) {
      if (rows[row] === 0) continue;
      const own = componentOf[Math.floor(row / mdp.actionCount)]!;
      let staying = 0;
      for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
        if (componentOf[columns[i]!] === own) staying++;
      }
      if (inference === 'exact' ? staying > 0 : staying === rowOffsets[row + 1]! - rowOffsets[row]!) continue;
      rows[row] = 0;
      changed = true;
    }
    if (!changed) return { componentOf, count, rows };
  }
}

/** Returns the same problem for an agent that never leaves its component and sees no end. */
export function withinComponents(
  problem: ControlProblem,
  { componentOf, rows }: RecurrentComponents,
): ControlProblem {
  const { mdp, columns } = problem;
  const rowOffsets = new Uint32Array(problem.rowOffsets.length);
  const entries: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    const own = componentOf[Math.floor(row / mdp.actionCount)]!;
    for (let i = problem.rowOffsets[row]!; rows[row] === 1 && i < problem.rowOffsets[row + 1]!; i++) {
      if (componentOf[columns[i]!] === own) entries.push(i);
    }
    rowOffsets[row + 1] = entries.length;
  }
  return {
    ...problem,
    rowOffsets,
    columns: Uint32Array.from(entries, (i) => columns[i]!),
    probs: Float64Array.from(entries, (i) => problem.probs[i]!),
    transitionsId: {},
    biasedReward: problem.biasedReward.map((reward, row) => (rows[row] === 1 ? reward : -Infinity)),
    terminalStates: new Uint32Array(0),
  };
}

export interface RelativeValues {
  /** Values relative to the largest of their component, -Infinity in states that are in none; [states]. */
  readonly values: Float64Array;
  /** Bounds on what each component yields per step; -Infinity for states that are in none. [components] */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Whether `done` said so before the sweeps ran out. */
  readonly settled: boolean;
  readonly iterations: number;
}

/** The fraction of each sweep's change to apply: less than 1, so that periodic components converge too. */
const DAMPING = 0.75;
const ROUNDING = 8 * Number.EPSILON;
/** How many sweeps to make before the first Newton step; doubled after each one that fails. */
const SWEEPS_FIRST = 64;
const NEWTON_EVERY = 2;

/**
 * Runs value iteration relative to the average of each component per step, until `done` says that the bounds, one pair
 * for each component, are close enough. In a component all of whose states reach each other, min (TV - V) and max (TV -
 * V) enclose the average for any V and close in on it (Collatz-Wielandt bounds in the log domain for the soft backups;
 * White 1963, "Dynamic programming, Markov chains, and the method of successive approximations"). `rounding` is the gap
 * between the bounds that rounding leaves for values of this size. Where sweeps are slow, `newton` returns better
 * values, or null.
 */
export function relativeValueIteration(
  within: ControlProblem,
  { componentOf, count }: Pick<RecurrentComponents, 'componentOf' | 'count'>,
  maxIterations: number,
  done: (lower: Float64Array, upper: Float64Array, rounding: number) => boolean,
  newton?: (values: Float64Array) => Float64Array | null,
): RelativeValues {
  const { stateCount } = within.mdp;
  const backup = new Backup(within);
  const values = new Float64Array(stateCount);
  const next = new Float64Array(stateCount);
  const lower = new Float64Array(count);
  const upper = new Float64Array(count);
  const highest = new Float64Array(count);
  let wait = SWEEPS_FIRST;
  let untilNewton = wait;
  for (let iterations = 1; ; iterations++) {
    backup.sweep(values, next, -Infinity);
    lower.fill(Infinity);
    upper.fill(-Infinity);
    highest.fill(-Infinity);
    let spread = SMALLEST_NORMAL;
    for (let state = 0; state < stateCount; state++) {
      const component = componentOf[state]!;
      if (values[state] !== -Infinity) spread = Math.max(spread, Math.abs(values[state]!));
      const change = next[state] === -Infinity ? -Infinity : next[state]! - values[state]!;
      if (change < lower[component]!) lower[component] = change;
      if (change > upper[component]!) upper[component] = change;
    }
    const settled = done(lower, upper, ROUNDING * spread);
    if (settled || iterations >= maxIterations) return { values, lower, upper, settled, iterations };
    if (newton !== undefined && --untilNewton === 0) {
      const better = newton(values);
      if (better === null) wait *= 2;
      untilNewton = better === null ? wait : NEWTON_EVERY;
      if (better !== null) {
        values.set(better);
        continue;
      }
    }
    for (let state = 0; state < stateCount; state++) {
      const component = componentOf[state]!;
      values[state]! += DAMPING * (next[state]! - values[state]!);
      if (next[state] === -Infinity) values[state] = -Infinity;
      if (values[state]! > highest[component]!) highest[component] = values[state]!;
    }
    for (let state = 0; state < stateCount; state++) {
      if (values[state] !== -Infinity) values[state]! -= highest[componentOf[state]!]!;
    }
  }
}
