import { InvalidInputError, requireCount } from '@maxent/core';
import { Backup, changeBySweep, policyFromActionValues, stateValues } from './backup.js';
import { zeroTerminalRows } from './backward-pass.js';
import type { ControlProblem } from './control-options.js';
import { isUsable, requireFixedPoint } from './fixed-point-exists.js';
import { greedyChain } from './policy-chain.js';
import { predecessorsOf, usableRows } from './reachability.js';
import { requireFiniteValues, rewardScale } from './reward-scale.js';
import { stepTowards } from './solve-chain.js';

export interface FixedPointOptions {
  /** The largest error allowed in V, relative to the largest |V|, reward or temperature; default 1e-13. */
  readonly tolerance?: number;
  /** The number of sweeps after which to give up; default 1,000,000. */
  readonly maxIterations?: number;
}

export interface FixedPoint {
  /** [states] */
  readonly V: Float64Array;
  /** [states, actions] */
  readonly Q: Float64Array;
  /** [states, actions] */
  readonly policy: Float64Array;
  /** The number of sweeps over all states. */
  readonly iterations: number;
  /** The largest |TV - V| over the states at the end, where T is one sweep. */
  readonly residual: number;
}

/** How many sweeps to make before the first Newton step; doubled after each one that fails. */
const SWEEPS_FIRST = 64;
/**
 * How many products a Newton step may spend on its linear system for each sweep so far, so that it never costs much
 * more than the sweeps.
 */
const PRODUCTS_PER_SWEEP = 4;
const ROUNDING = 8 * Number.EPSILON;
/** Values this many times larger than rewards and temperature have lost digits that the policy needs. */
const COARSE = 1e6;

/**
 * Computes the infinite-horizon messages V = TV, the limit of the messages as the horizon grows.
 *
 * It makes sweeps of value iteration and, where these are slow or at the limit of their precision, Newton steps between
 * them. T is convex, so a Newton step, which is the step of soft policy iteration, never overshoots. For a discount
 * below 1, T shrinks distances by the discount, so |V - fixed point| <= discount / (1 - discount) |TV - V|. The sweeps
 * stop when that bound is within the tolerance. They also stop when |TV - V| has come down to rounding, of V or of the
 * rewards and the multiples of the temperature that make it up, and further Newton steps, which compute TV - V from
 * differences, no longer move V by more than rounding. Values much larger than the rewards, such as the values of going
 * on forever at a discount close to 1, are then refined: the same steps find the difference between the fixed point and
 * its rounded values, on which the policy depends. Where T only shrinks because episodes end, the bound is the size of
 * the Newton step.
 *
 * Throws InvalidInputError where no fixed point exists and says why, or when the sweeps run out.
 */
export function solveFixedPoint(
  problem: ControlProblem,
  { tolerance = 1e-13, maxIterations = 1_000_000 }: FixedPointOptions = {},
): FixedPoint {
  if (!(tolerance > 0)) {
    throw new InvalidInputError('tolerance', `expected a number above 0, got ${tolerance}`);
  }
  requireCount('maxIterations', maxIterations);
  const kind = requireFixedPoint(problem);
  const { stateCount } = problem.mdp;
  const { discount } = problem;
  // Rewards, and a high temperature's prior and entropy, may cancel in V, but their rounding does not.
  const leastScale = rewardScale(problem);
  let current: Refinement = {
    problem,
    base: new Float64Array(stateCount),
    reward: problem.mdp.reward,
    size: 0,
  };
  let backup = new Backup(problem);
  let V = new Float64Array(stateCount);
  let next = new Float64Array(stateCount);
  let wait = SWEEPS_FIRST;
  let untilNewton = wait;
  let lastMove = Infinity;
  let refined = Infinity;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    backup.sweep(V, next, 0);
    const { residual, largest } = changeBetween(V, next);
    const scale = Math.max(largest, leastScale);
    const target = tolerance * Math.max(scale, current.size);
    let settled = kind === 'contraction' && (discount / (1 - discount)) * residual <= target;
    let atRounding = residual <= ROUNDING * scale;
    if (kind !== 'sweeps only' && !settled && residual < Infinity && (atRounding || --untilNewton === 0)) {
      const moved = newtonStep(current.problem, V, next, PRODUCTS_PER_SWEEP * iterations);
      if (moved === null) wait *= 2;
      else if (kind === 'ending') settled = moved <= target;
      if (moved !== null && atRounding && moved > ROUNDING * scale) {
        atRounding = moved > lastMove / 2;
        lastMove = moved;
      }
      untilNewton = moved === null ? wait : 1;
    }
    [V, next] = [next, V];
    if (!settled && !atRounding) continue;
    if (kind !== 'contraction' || !(largest > COARSE * leastScale && largest < refined / 2)) {
      return finish(current, backup, V, next, iterations + 1);
    }
    refined = largest;
    current = refine(problem, current.base, V);
    backup = new Backup(current.problem);
    for (let state = 0; state < stateCount; state++) if (V[state] !== -Infinity) V[state] = 0;
    untilNewton = 1;
    lastMove = Infinity;
  }
  throw new InvalidInputError(
    'maxIterations',
    `the values did not settle within ${maxIterations} sweeps; allow more sweeps, a larger tolerance, or a smaller ` +
      `discount${kind === 'sweeps only' ? '. They never settle where rewards cancel around a cycle that never ends' : ''}`,
  );
}

/**
 * The problem of finding the difference between the values and `base`, [states], whose largest absolute value is
 * `size`.
 */
interface Refinement {
  readonly problem: ControlProblem;
  readonly base: Float64Array;
  readonly size: number;
  /** Like `biasedReward`, without the prior. */
  readonly reward: Float64Array;
}

/**
 * Returns the problem for the values minus (base + V): each reward grows by discount E base(s') - base(s) for the new
 * base, computed from differences.
 */
function refine(problem: ControlProblem, base: Float64Array, V: Float64Array): Refinement {
  const { mdp, discount, rowOffsets, columns, probs } = problem;
  const sum = base.map((value, state) => (V[state] === -Infinity ? 0 : value + V[state]!));
  const more = mdp.reward.map((_, row) => {
    const value = sum[Math.floor(row / mdp.actionCount)]!;
    let mean = 0;
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
      mean += probs[i]! * (sum[columns[i]!]! - value);
    }
    return discount * mean - (1 - discount) * value;
  });
  const add = (rewards: Float64Array): Float64Array => rewards.map((reward, row) => reward + more[row]!);
  return {
    problem: { ...problem, biasedReward: add(problem.biasedReward) },
    base: sum,
    size: sum.reduce((size, value) => Math.max(size, Math.abs(value)), 0),
    reward: add(mdp.reward),
  };
}

/**
 * Moves `next` = TV on to the solution of T linearized at V. Returns the size of the largest move from V; null if the
 * linear system was too hard.
 */
function newtonStep(
  problem: ControlProblem,
  V: Float64Array,
  next: Float64Array,
  maxProducts: number,
): number | null {
  const steps = stepTowards(problem, greedyChain(problem, V), changeBySweep(problem, V), maxProducts);
  if (steps === null) return null;
  let largest = 0;
  steps.forEach((step, state) => {
    if (next[state] === -Infinity) return;
    next[state] = V[state]! + step;
    largest = Math.max(largest, Math.abs(step));
  });
  return largest;
}

/** Returns the largest |b - a| and the largest finite |b|. */
function changeBetween(a: Float64Array, b: Float64Array): { residual: number; largest: number } {
  let residual = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const value = b[i]!;
    if (value === a[i]) {
      if (value !== -Infinity && Math.abs(value) > largest) largest = Math.abs(value);
      continue;
    }
    const change = Math.abs(value - a[i]!);
    if (change > residual) residual = change;
    if (value !== -Infinity && Math.abs(value) > largest) largest = Math.abs(value);
  }
  return { residual, largest };
}

/** Computes Q and policy from V, and makes one last sweep so that V, Q and policy fit each other to rounding. */
function finish(
  { problem, base, reward }: Refinement,
  backup: Backup,
  V: Float64Array,
  last: Float64Array,
  iterations: number,
): FixedPoint {
  const { stateCount, actionCount } = problem.mdp;
  const Q = new Float64Array(reward.length);
  const policy = new Float64Array(reward.length);
  backup.actionValues(problem.biasedReward, V, 0, Q);
  stateValues(problem, Q, 0, stateCount, last);
  for (const state of problem.terminalStates) last[state] = 0;
  if (!last.every(Number.isFinite)) {
    const usable = usableRows(problem, predecessorsOf(problem));
    requireFiniteValues(last, (state) => !isUsable(problem, usable, state));
  }
  policyFromActionValues(problem, Q, policy);
  if (problem.givenPrior !== null) backup.actionValues(reward, V, 0, Q);
  const { residual } = changeBetween(V, last);
  for (let state = 0; state < stateCount; state++) last[state]! += base[state]!;
  for (let row = 0; row < Q.length; row++) Q[row]! += base[Math.floor(row / actionCount)]!;
  zeroTerminalRows(problem, Q);
  return { V: last, Q, policy, iterations, residual };
}
