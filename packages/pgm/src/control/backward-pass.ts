import { requireCount } from '@maxent/core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import { Backup, maximumOf, policyFromActionValues, stateValues } from './backup.js';
import type { ControlProblem } from './control-options.js';

/** The messages of all steps in time. */
export interface BackwardPass {
  readonly horizon: number;
  /**
   * V_t less `offsets[t]`, [T + 1, states]: policies and posteriors depend on differences only, kept exact this way.
   */
  readonly centeredV: Float64Array;
  /** [T + 1] */
  readonly offsets: Float64Array;
  /** Q_t, [T, states, actions]. */
  readonly Q: Float64Array;
  /** [T, states, actions] */
  readonly policy: Float64Array;
}

/** Computes all messages from V_T = 0 back to V_0. */
export function backwardPass(problem: ControlProblem, horizon: number): BackwardPass {
  const { stateCount, actionCount, reward } = problem.mdp;
  const rows = stateCount * actionCount;
  requireHorizon(horizon, rows);
  const centeredV = new Float64Array((horizon + 1) * stateCount);
  const offsets = new Float64Array(horizon + 1);
  const Q = new Float64Array(horizon * rows);
  const policy = new Float64Array(horizon * rows);
  const backup = new Backup(problem);
  for (let t = horizon - 1; t >= 0; t--) {
    const next = centeredV.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    const current = centeredV.subarray(t * stateCount, (t + 1) * stateCount);
    const q = Q.subarray(t * rows, (t + 1) * rows);
    const end = -offsets[t + 1]!;
    const carried = carriedOffset(problem, offsets[t + 1]!);
    backup.actionValues(problem.biasedReward, next, end, q);
    stateValues(problem, q, 0, stateCount, current);
    for (const state of problem.terminalStates) current[state] = -carried;
    policyFromActionValues(problem, q, policy.subarray(t * rows, (t + 1) * rows));
    offsets[t] = carried + recenter(current);
    if (problem.givenPrior !== null) backup.actionValues(reward, next, end, q);
    for (let row = 0; row < rows; row++) q[row]! += carried;
    zeroTerminalRows(problem, q);
  }
  return { horizon, centeredV, offsets, Q, policy };
}

/** Computes V_0 = `offset` + `centered`, [states], without keeping the steps in between. */
export function startValues(
  problem: ControlProblem,
  horizon: number,
): { centered: Float64Array; offset: number } {
  const backup = new Backup(problem);
  let next = new Float64Array(problem.mdp.stateCount);
  let current = new Float64Array(problem.mdp.stateCount);
  let offset = 0;
  for (let t = horizon - 1; t >= 0; t--) {
    backup.sweep(next, current, -offset);
    offset = carriedOffset(problem, offset);
    for (const state of problem.terminalStates) current[state] = -offset;
    offset += recenter(current);
    [next, current] = [current, next];
  }
  return { centered: next, offset };
}

/** Returns V_t, [T + 1, states], in the pass's own array, which it overwrites. */
export function absoluteValues({ centeredV, offsets }: BackwardPass): Float64Array {
  const stateCount = centeredV.length / offsets.length;
  offsets.forEach((offset, t) => {
    for (let i = t * stateCount; i < (t + 1) * stateCount; i++) centeredV[i]! += offset;
  });
  return centeredV;
}

/** Returns what an offset of V_{t+1} becomes in Q_t: a posterior carries it whole, an expectation discounts it. */
function carriedOffset({ inference, discount }: ControlProblem, offset: number): number {
  return inference === 'exact' ? offset : discount * offset;
}

/** Subtracts the largest value from all and returns it; leaves values that are all -Infinity and returns 0. */
function recenter(values: Float64Array): number {
  const maximum = maximumOf(values);
  if (maximum === -Infinity) return 0;
  for (let i = 0; i < values.length; i++) values[i]! -= maximum;
  return maximum;
}

/** Sets the action values of terminal states to 0, because nothing more happens there. */
export function zeroTerminalRows({ mdp, terminalStates }: ControlProblem, q: Float64Array): void {
  for (const state of terminalStates) q.fill(0, state * mdp.actionCount, (state + 1) * mdp.actionCount);
}

function requireHorizon(horizon: number, rows: number): void {
  requireCount('horizon', horizon);
  requireAnswerMemory('horizon', 2 * horizon * rows, `${horizon} steps of ${rows} state-action pairs`);
}
