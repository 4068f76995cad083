import { InvalidInputError } from '@maxent/core';
import { Backup } from './backup.js';
import type { ControlProblem } from './control-options.js';
import { predecessorsOf, statesThatReach, statesThatSurelyReach, usableRows } from './reachability.js';
import {
  type RecurrentComponents,
  recurrentComponents,
  relativeValueIteration,
  withinComponents,
} from './relative-values.js';
import { rewardScale } from './reward-scale.js';

/**
 * Why sweeps converge: the discount shrinks every distance, every episode ends, or neither; then only sweeps from V = 0
 * tell the limit of ever longer horizons from other fixed points.
 */
export type FixedPointKind = 'contraction' | 'ending' | 'sweeps only';

/** How many sweeps to spend on a cheap proof that going on forever loses, before analyzing the graph. */
const SWEEPS_OF_PROOF = 30;
/** How many sweeps to spend on telling gain from loss in the components of the graph. */
const SWEEPS_OF_GAIN = 100_000;
/** Averages per step below this fraction of the largest reward or temperature count as 0. */
const ZERO_GAIN = 1e-12;

/**
 * Returns why sweeps converge. Throws InvalidInputError unless the values of ever longer horizons tend to a limit; the
 * error says which states keep them from it.
 *
 * Without a discount, they do if going on forever loses and every state can end. Going on yields the average per step,
 * entropy included, in the best component of the graph of states to stay in; for `exact` it is the logarithm of the
 * dominant eigenvalue. If that average is positive, the limit is Infinity; for the soft backups it is also Infinity if
 * the average is 0 and there is a way out, because the paths that leave later and later add up. A state that cannot end
 * and only loses tends to -Infinity. A value of -Infinity is allowed only where every action leads to a forbidden one.
 */
export function requireFixedPoint(problem: ControlProblem): FixedPointKind {
  const { inference, discount } = problem;
  if (discount < 1 && inference !== 'exact') return 'contraction';
  const predecessors = predecessorsOf(problem);
  const usable = usableRows(problem, predecessors);
  const target = Uint8Array.from(problem.mdp.terminal);
  const endless = !goingOnLoses(problem);
  if (endless) markZeroGain(problem, usable, target);
  if (discount < 1) return endless ? 'sweeps only' : 'ending';
  // States without any way to an end come first: they are the trap, and others may only lead there.
  const tests = inference === 'exact' ? [statesThatReach] : [statesThatReach, statesThatSurelyReach];
  for (const test of tests) {
    test(problem, predecessors, usable, target).forEach((flag, state) => {
      if (flag === 0 && isUsable(problem, usable, state)) throw neverEnds(problem, state);
    });
  }
  return endless ? 'sweeps only' : 'ending';
}

/**
 * Returns whether a few sweeps without any end show that V - TV is positive everywhere, so that every average is
 * negative.
 */
function goingOnLoses(problem: ControlProblem): boolean {
  const { stateCount } = problem.mdp;
  const margin = ZERO_GAIN * rewardScale(problem);
  const backup = new Backup(problem);
  let V = new Float64Array(stateCount);
  let next = new Float64Array(stateCount);
  for (const state of problem.terminalStates) V[state] = -Infinity;
  for (let sweep = 0; sweep < SWEEPS_OF_PROOF; sweep++) {
    backup.sweep(V, next, -Infinity);
    if (next.every((value, state) => value === -Infinity || value < V[state]! - margin)) return true;
    [V, next] = [next, V];
  }
  return false;
}

/**
 * Marks in `target` the states where an agent may stay forever at an average of 0. Throws if the average is positive,
 * or if it is 0 and a way out makes the sum over all paths infinite.
 */
function markZeroGain(problem: ControlProblem, usable: Uint8Array, target: Uint8Array): void {
  const { inference, mdp } = problem;
  const components = recurrentComponents(problem, usable);
  const { componentOf } = components;
  const zero = ZERO_GAIN * rewardScale(problem);
  const within = withinComponents(problem, components);
  const { lower, upper } = relativeValueIteration(within, components, SWEEPS_OF_GAIN, (lower, upper) =>
    lower.every((low, i) => low > zero || upper[i]! < -zero || upper[i]! - low <= zero),
  );
  const open = inference === 'hard' ? null : componentsWithWayOut(problem, usable, components);
  for (let state = 0; state < mdp.stateCount; state++) {
    const component = componentOf[state]!;
    const low = lower[component]!;
    if (low > zero) throw growsForever(problem, state, `gains ${low} per step or more`);
    if (upper[component]! < -zero) continue;
    if (open?.[component] === 1 && upper[component]! - low <= zero) {
      throw growsForever(problem, state, 'loses nothing, and ways of leaving later and later add up');
    }
    target[state] = 1;
  }
}

/**
 * Returns 1 for components that a usable row can leave, or that a discount read as termination can end; [components].
 */
function componentsWithWayOut(
  { mdp, inference, discount, rowOffsets, columns }: ControlProblem,
  usable: Uint8Array,
  { componentOf, count, rows }: RecurrentComponents,
): Uint8Array {
  const open = new Uint8Array(count);
  const leadsOn = mdp.terminal.slice();
  usable.forEach((flag, row) => {
    if (flag === 1) leadsOn[Math.floor(row / mdp.actionCount)] = 1;
  });
  usable.forEach((flag, row) => {
    if (flag === 0) return;
    const own = componentOf[Math.floor(row / mdp.actionCount)]!;
    let leaves = inference === 'exact' ? discount < 1 : rows[row] === 0;
    for (let i = rowOffsets[row]!; inference === 'exact' && i < rowOffsets[row + 1]!; i++) {
      if (leadsOn[columns[i]!] === 1 && componentOf[columns[i]!] !== own) leaves = true;
    }
    if (leaves) open[own] = 1;
  });
  return open;
}

/** Returns whether the agent can act in a state and go on without doing anything forbidden. */
export function isUsable({ mdp }: ControlProblem, usable: Uint8Array, state: number): boolean {
  return usable.subarray(state * mdp.actionCount, (state + 1) * mdp.actionCount).includes(1);
}

function growsForever(
  { inference, discount }: ControlProblem,
  state: number,
  how: string,
): InvalidInputError {
  const remedy =
    inference === 'hard'
      ? 'use a smaller discount or a finite horizon'
      : 'use a smaller discount, a finite horizon, a lower temperature or the action prior "uniform"';
  return new InvalidInputError(
    'discount',
    `at ${discount} the values of an infinite horizon grow without limit: going on forever from state ${state} ${how}` +
      `${inference === 'hard' ? '' : ', entropy included'}; ${remedy}`,
  );
}

function neverEnds({ inference }: ControlProblem, state: number): InvalidInputError {
  return new InvalidInputError(
    'discount',
    `at 1 the values of an infinite horizon fall without limit: from state ${state} ` +
      `${inference === 'exact' ? 'no path ends' : 'no policy is sure to end'}, and going on forever loses; mark the ` +
      'terminal states, use a discount below 1, or a finite horizon',
  );
}
