import { InvalidInputError } from '@maxent/core';
import { multiplyTransposed } from '../linear-algebra/multiply.js';
import {
  type CheckedLqrOptions,
  checkLqrOptions,
  checkLqrProblem,
  type LqrOptions,
  type LqrProblem,
} from './lqr-problem.js';
import {
  closeLoop,
  costOfLoop,
  type RiccatiEquation,
  refine,
  relativeDistance,
  riccatiEquation,
  roundedAnew,
  solveByDoubling,
} from './riccati-equation.js';
import { RiccatiStep } from './riccati-step.js';
import { spectralRadius } from './spectral-radius.js';

/** The value and policy of an infinite horizon. */
export interface StationaryLqrSolution extends CheckedLqrOptions {
  readonly stateSize: number;
  readonly controlSize: number;
  /** [n, n] */
  readonly P: Float64Array;
  /** u ~ N(-K x, policyCovariance), [m, n]. */
  readonly K: Float64Array;
  /** [m, m] */
  readonly policyCovariance: Float64Array;
  /** The constant of V for a discount below 1; null at discount 1, where it grows with the horizon. */
  readonly valueConstant: number | null;
  /**
   * What each further step adds to the constant of V: for `variational` the long-run average of reward + temperature
   * times the policy's entropy, -tr(P W) / 2 + normalizer; for `exact` the growth rate of the log evidence times the
   * temperature, -(temperature / 2) log|I + W P / temperature| + normalizer. The normalizer is
   * (temperature / 2) (m log(2 pi temperature) - log|R + B'P~ B|). For a discount below 1 it is
   * (1 - discount) valueConstant, which tends to that average as the discount tends to 1.
   */
  readonly averageReward: number;
}

/** How far rounding may push the spectral radius of a loop that does not forget above 1. */
const STABILITY_TOLERANCE = 1e-8;
/** How well one more step must reproduce P. */
const RESIDUAL_TOLERANCE = 1e-5;
/** The largest relative change of P that is allowed when A and B are rounded differently. */
const DETERMINED_TOLERANCE = 0.01;
/** B barely controls a state whose long-run cost, as a root, exceeds its own cost by this factor. */
const OUTGROWN = 1e4;
/** The most multiplications to spend on single steps if doubling does not converge, and the most such steps. */
const MOST_WORK = 1e8;
const MOST_STEPS = 100_000;
/** After so many steps, a cost that grows by this factor from half of them to all of them has no limit. */
const GROWTH = 1.5;

/**
 * Computes the limit of `solveLqr`, without terminal cost, as the horizon grows. It is found by doubling the horizon,
 * or step by step if rounding keeps doubling from converging, and refined by Newton's method. The result itself shows
 * whether there is a limit: one more step must reproduce it, its loop must not let errors grow, and rounding A and B
 * differently must barely change it. None of this depends on the units of the states: for x = T z, P becomes T'P T and
 * K becomes K T.
 *
 * Throws InvalidInputError that names the matrix, entry or option at fault, and if no such limit exists: if a mode of A
 * that costs something can be held neither by B nor, for `exact`, by lucky noise, or if an unstable mode of A costs
 * nothing, so that the smallest change of Q destroys the limit.
 */
export function solveStationaryLqr(problem: LqrProblem, options: LqrOptions): StationaryLqrSolution {
  const checked = checkLqrProblem(problem);
  const checkedOptions = checkLqrOptions(options);
  if (problem.terminalCost !== undefined) {
    throw new InvalidInputError(
      'terminalCost',
      'expected none, because an infinite horizon has no last step',
    );
  }
  const { stateSize: n, controlSize: m } = checked;
  const equation = riccatiEquation(checked, checkedOptions);
  const riccati = new RiccatiStep(checked, checkedOptions);
  let step = lastStep(riccati, equation, solveByDoubling(equation));
  if (!(step.residual <= RESIDUAL_TOLERANCE)) {
    step = lastStep(riccati, equation, solveByStepping(riccati, equation));
  }
  if (!(step.residual <= RESIDUAL_TOLERANCE)) {
    throw undetermined(equation, step.factor, step.residual);
  }
  requireStableLoop(equation, step.factor);
  requireDetermined(equation, step.factor);
  const P = new Float64Array(n * n);
  multiplyTransposed(P, step.factor, step.factor, n, n, n);
  const { discount } = checkedOptions;
  const { gained } = step;
  return {
    ...checkedOptions,
    stateSize: n,
    controlSize: m,
    P,
    K: riccati.gain,
    policyCovariance: riccati.policyCovariance,
    valueConstant: discount < 1 ? gained / (1 - discount) : null,
    averageReward: gained,
  };
}

interface LastStep {
  readonly factor: Float64Array;
  readonly gained: number;
  readonly residual: number;
}

/** Takes one plain step from the better of a solution and its refinement, which shows how well it reproduces itself. */
function lastStep(riccati: RiccatiStep, equation: RiccatiEquation, solution: Float64Array | null): LastStep {
  const take = (factor: Float64Array): LastStep => {
    riccati.factor.set(factor);
    const gained = riccati.step();
    return { factor, gained, residual: relativeDistance(factor, riccati.factor, equation.n) };
  };
  if (solution === null) return { factor: equation.costFactor, gained: 0, residual: Infinity };
  const plain = take(solution);
  const refined = refine(equation, solution);
  if (refined === solution) return plain;
  const better = take(refined);
  return better.residual <= Math.max(plain.residual, RESIDUAL_TOLERANCE) ? better : take(solution);
}

/** Takes single steps until P no longer changes and returns it as a square root. Throws if it keeps growing. */
function solveByStepping(riccati: RiccatiStep, { n, costFactor }: RiccatiEquation): Float64Array {
  const steps = Math.min(MOST_STEPS, Math.ceil(MOST_WORK / (10 * n ** 3)));
  riccati.factor.set(costFactor);
  let earlier = riccati.factor.slice();
  let checkAt = 1;
  for (let step = 1; step <= steps; step++) {
    riccati.step();
    if (step < 2 * checkAt && step < steps) continue;
    if (!riccati.factor.every(Number.isFinite)) break;
    const growing = growingState(earlier, riccati.factor, n);
    if (step === steps && growing !== null) throw noLimit(growing, step);
    if (relativeDistance(earlier, riccati.factor, n) <= 4 * n * Number.EPSILON) break;
    checkAt = step;
    earlier = riccati.factor.slice();
  }
  if (riccati.factor.every(Number.isFinite)) return riccati.factor.slice();
  throw noLimit(growingState(earlier, riccati.factor, n) ?? 0, steps);
}

/** Returns the state whose cost has grown most; null if none has grown by more than a cost with a limit would. */
function growingState(before: Float64Array, after: Float64Array, n: number): number | null {
  let state: number | null = null;
  let largest = GROWTH;
  for (let i = 0; i < n; i++) {
    const [old, now] = [norm(before.subarray(i * n, (i + 1) * n)), norm(after.subarray(i * n, (i + 1) * n))];
    const growth = Number.isFinite(now) ? (now / old) ** 2 : Infinity;
    if (old > 0 && growth >= largest) {
      state = i;
      largest = growth;
    }
  }
  return state;
}

const norm = (values: Float64Array): number => Math.hypot(...values);

/** Throws if (I + G G'P)^-1 F, which carries errors in P from step to step, lets them grow. */
function requireStableLoop(equation: RiccatiEquation, factor: Float64Array): void {
  const { n } = equation;
  const { loop, basis } = closeLoop(equation, factor);
  // Use units in which all states cost the same; the basis of a nonsingular P has them already.
  const size = Array.from({ length: n }, (_, i) =>
    basis === factor ? 1 : norm(factor.subarray(i * n, (i + 1) * n)) || 1,
  );
  const scaled = loop.map((value, i) => (value * size[Math.floor(i / n)]!) / size[i % n]!);
  const radius = spectralRadius(scaled, n);
  if (radius <= 1 + STABILITY_TOLERANCE) return;
  if (Number.isNaN(radius)) throw undetermined(equation, factor, radius);
  throw costless(`one that grows by ${radius.toPrecision(4)} per step under the optimal control`);
}

/** Throws if rounding in A and B determines P, as when only rounding lets B reach a mode, or Q see it. */
function requireDetermined(equation: RiccatiEquation, factor: Float64Array): void {
  const change = changeByRounding(equation, factor);
  if (!(change <= DETERMINED_TOLERANCE)) throw undetermined(equation, factor, change);
}

/** Returns the relative change of P when A and B are rounded differently. */
function changeByRounding(equation: RiccatiEquation, factor: Float64Array): number {
  const rounded = roundedAnew(equation);
  return relativeDistance(factor, refine(rounded, solveByDoubling(rounded) ?? factor), equation.n);
}

/**
 * Returns an error that says what leaves P undetermined: Q, if a cost on everything would determine it, otherwise B.
 */
function undetermined(equation: RiccatiEquation, factor: Float64Array, error: number): InvalidInputError {
  if (!outgrowsCosts(equation, factor) && isDeterminedWhenCostly(equation, factor)) {
    return costless('one that Q sees only through rounding');
  }
  return new InvalidInputError(
    'horizon',
    'expected a number of steps, got null: the costs of ever longer horizons could not be computed ' +
      `${Number.isFinite(error) ? `to a relative error below ${error.toPrecision(2)}` : 'at all'}, because B barely ` +
      'reaches what Q sees of an unstable mode of A; give a horizon, or a B that reaches it',
  );
}

/** Returns whether some state's long-run cost is far above its own cost. */
function outgrowsCosts({ n, costFactor }: RiccatiEquation, factor: Float64Array): boolean {
  for (let i = 0; i < n; i++) {
    const own = norm(costFactor.subarray(i * n, (i + 1) * n));
    if (own > 0 && !(norm(factor.subarray(i * n, (i + 1) * n)) < OUTGROWN * own)) return true;
  }
  return false;
}

/** Returns whether a cost on everything, in proportion to the states' long-run costs, leaves nothing to rounding. */
function isDeterminedWhenCostly(equation: RiccatiEquation, factor: Float64Array): boolean {
  const { n } = equation;
  const costFactor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) costFactor[i * n + i] = norm(factor.subarray(i * n, (i + 1) * n)) || 1;
  const costly = { ...equation, costFactor };
  const solution = solveByDoubling(costly);
  if (solution === null) return false;
  const refined = refine(costly, solution);
  const again = costOfLoop(closeLoop(costly, refined), n);
  return (
    again !== null &&
    relativeDistance(refined, again, n) <= RESIDUAL_TOLERANCE &&
    changeByRounding(costly, refined) <= DETERMINED_TOLERANCE
  );
}

function costless(mode: string): InvalidInputError {
  return new InvalidInputError(
    'Q',
    `expected a cost on every unstable mode of A, got none on ${mode}: the value of an infinite horizon would jump at the ` +
      'smallest such cost; add one, or give a finite horizon',
  );
}

function noLimit(state: number, steps: number): InvalidInputError {
  return new InvalidInputError(
    'horizon',
    `expected a number of steps, got null: costs, such as the cost of state ${state}, still grow after ${steps} steps, ` +
      'because A does not decay in a direction that Q sees and that B cannot steer; give a horizon, a smaller discount, or ' +
      'a B that reaches it',
  );
}
