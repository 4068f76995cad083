import { InvalidInputError, requireCount } from '@maxent/core';
import { solveIdentityMinus } from '../numerics/solve-linear.js';
import { Backup, changeBySweep, policyFromActionValues, stateValues } from './backup.js';
import { zeroTerminalRows } from './backward-pass.js';
import type { ControlProblem } from './control-options.js';
import { requireFixedPoint } from './fixed-point-exists.js';
import { greedyChain, multiplyChain } from './policy-chain.js';

export interface FixedPointOptions {
  /** How far V may be from the fixed point, as a share of its largest size or of 1; default 1e-13. */
  readonly tolerance?: number;
  /** Sweeps after which to give up; default 1,000,000. */
  readonly maxIterations?: number;
}

export interface FixedPoint {
  /** [states] */
  readonly V: Float64Array;
  /** [states, actions] */
  readonly Q: Float64Array;
  /** [states, actions] */
  readonly policy: Float64Array;
  /** Sweeps over all states. */
  readonly iterations: number;
  /** Largest |TV - V| over the states at the end, T being one sweep. */
  readonly residual: number;
}

/** Sweeps before the first Newton step; doubled after each that failed. */
const SWEEPS_FIRST = 64;
/** Products that a Newton step may spend on its linear system for each sweep so far: never much more than those cost. */
const PRODUCTS_PER_SWEEP = 4;
/** By how much a Newton step's linear system is solved. */
const NEWTON_REDUCTION = 1e-6;
const ROUNDING = 8 * Number.EPSILON;

/**
 * The infinite-horizon messages V = TV, the limit of those of ever longer horizons.
 *
 * Sweeps of value iteration, and where these are slow or at the end of their precision, Newton steps between them: T
 * is convex, so that a Newton step, which is the step of soft policy iteration, never overshoots. For a discount below
 * 1, T shrinks distances by the discount, so that |V - fixed point| <= discount / (1 - discount) |TV - V|: the sweeps
 * stop when that bound is within the tolerance, or when |TV - V| has come down to rounding, which is that of V or of
 * the temperature's multiples that make it up. Where T only shrinks because episodes end, the bound is the size of the
 * Newton step.
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
  // A high temperature's prior and entropy cancel in V, but not their rounding.
  const leastScale = problem.inference === 'hard' ? 0 : problem.temperature;
  const backup = new Backup(problem);
  let V = new Float64Array(stateCount);
  let next = new Float64Array(stateCount);
  let wait = SWEEPS_FIRST;
  let untilNewton = wait;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    backup.sweep(V, next, 0);
    const { residual, scale } = changeBetween(V, next);
    const target = tolerance * Math.max(1, scale);
    let settled = kind === 'contraction' && (discount / (1 - discount)) * residual <= target;
    const roundedScale = Math.max(scale, leastScale);
    const atRounding = residual <= ROUNDING * roundedScale;
    if (kind !== 'sweeps only' && !settled && residual < Infinity && (atRounding || --untilNewton === 0)) {
      const moved = newtonStep(problem, V, next, residual, roundedScale, PRODUCTS_PER_SWEEP * iterations);
      if (moved === null) wait *= 2;
      else if (kind === 'ending') settled = moved <= target;
      untilNewton = moved === null ? wait : 1;
    }
    [V, next] = [next, V];
    if (settled || atRounding) return finish(problem, backup, V, next, iterations + 1);
  }
  throw new InvalidInputError(
    'maxIterations',
    `the values had not settled after ${maxIterations} sweeps; allow more sweeps, a larger tolerance, or a smaller ` +
      'discount',
  );
}

/**
 * Moves `next` = TV on to the solution of T linearised at V. Returns the size of the largest move from V, null when
 * the linear system was too hard.
 */
function newtonStep(
  problem: ControlProblem,
  V: Float64Array,
  next: Float64Array,
  residual: number,
  scale: number,
  maxProducts: number,
): number | null {
  const chain = greedyChain(problem, V);
  const change = changeBySweep(problem, V);
  const solution = solveIdentityMinus(
    (x, out) => multiplyChain(problem, chain, x, out),
    change,
    Math.max(NEWTON_REDUCTION * residual, Number.EPSILON * scale),
    maxProducts,
  );
  if (!(solution.residual <= Math.max(0.1 * residual, ROUNDING * scale))) return null;
  let largest = 0;
  solution.x.forEach((step, state) => {
    if (next[state] === -Infinity) return;
    next[state] = V[state]! + step;
    largest = Math.max(largest, Math.abs(step));
  });
  return largest;
}

/** Largest |b - a| and largest finite |b|. */
function changeBetween(a: Float64Array, b: Float64Array): { residual: number; scale: number } {
  let residual = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    const value = b[i]!;
    if (value === a[i]) {
      if (value !== -Infinity && Math.abs(value) > scale) scale = Math.abs(value);
      continue;
    }
    const change = Math.abs(value - a[i]!);
    if (change > residual) residual = change;
    if (value !== -Infinity && Math.abs(value) > scale) scale = Math.abs(value);
  }
  return { residual, scale };
}

/** Q and policy of V and one last sweep, so that V, Q and policy fit each other to rounding. */
function finish(
  problem: ControlProblem,
  backup: Backup,
  V: Float64Array,
  last: Float64Array,
  iterations: number,
): FixedPoint {
  const { stateCount, reward } = problem.mdp;
  const Q = new Float64Array(reward.length);
  const policy = new Float64Array(reward.length);
  backup.actionValues(problem.biasedReward, V, 0, Q);
  stateValues(problem, Q, 0, stateCount, last);
  for (const state of problem.terminalStates) last[state] = 0;
  policyFromActionValues(problem, Q, policy);
  if (problem.givenPrior !== null) backup.actionValues(reward, V, 0, Q);
  zeroTerminalRows(problem, Q);
  return { V: last, Q, policy, iterations, residual: changeBetween(V, last).residual };
}
