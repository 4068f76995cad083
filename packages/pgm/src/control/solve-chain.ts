import { DivergenceError } from '@maxent/core';
import { solveDominant } from '../numerics/solve-dominant.js';
import { type LinearMap, largestEntry, solveLinear } from '../numerics/solve-linear.js';
import type { ControlProblem } from './control-options.js';

/**
 * A Markov chain M that ends sooner or later, given by the probabilities of leaving each state, so that 1 - sum_s' M(s,
 * s') keeps its digits when a discount is close to 1. The probability of staying is what `ending` and the moves to
 * other states leave of 1.
 */
export interface EndingChain {
  /** Probability of going on to s' with action a, one for each entry of `problem.columns`. */
  readonly entries: Float64Array;
  /** Probability that the episode ends in s, [states]. */
  readonly ending: Float64Array;
}

/** Up to this many states, elimination takes less than a millisecond. */
const ALWAYS_DIRECT = 128;
/** Up to this many states, a full matrix, of 32 MB, is eliminated if iterations fail. */
const MOST_DIRECT = 2048;
/** How many of its n^3 operations elimination does while a product visits one entry of M. */
const FLOPS_PER_ENTRY = 8;
const TOLERANCE = 1e-14;
/**
 * The backward error that is accepted: |b - A x| <= this (|b| + |x|) for the largest entries (Rigal and Gaches 1967).
 */
const BACKWARD_ERROR = 64 * Number.EPSILON;
const MOST_PRODUCTS = 20_000;
const MOST_SWEEPS = 1_000_000;
/** By how much `stepTowards` reduces the residual if it iterates. */
const ROUGH_TOLERANCE = 1e-6;
const ROUGH_ACCEPTED = 0.1;

/**
 * Solves x = b + M x, or x = b + M'x if `transposed`. For up to 128 states, errors are a few roundings of (I - M)^-1
 * |b| whatever the discount; for more, a few roundings of |x| in the backward sense. Throws DivergenceError if M barely
 * shrinks anything and is too large for elimination.
 */
export function solveChain(
  problem: ControlProblem,
  chain: EndingChain,
  b: Float64Array,
  transposed = false,
): Float64Array {
  const n = b.length;
  return solveScaled(b, (unit) => {
    if (n <= ALWAYS_DIRECT) {
      const x = eliminate(problem, chain, unit, transposed);
      if (x !== null) return x;
    }
    const apply = transposed ? transposedMap(problem, chain) : plainMap(problem, chain);
    const { x, residual } = solveLinear(apply, unit, TOLERANCE, MOST_PRODUCTS);
    if (residual <= BACKWARD_ERROR * (1 + largestEntry(x))) return x;
    const direct = n <= MOST_DIRECT ? eliminate(problem, chain, unit, transposed) : null;
    return direct ?? sweep(apply, diagonalOf(problem, chain), unit, x);
  });
}

/**
 * Does what `solveChain` does if elimination costs no more than `maxProducts` products with M. Otherwise solves only
 * roughly, and returns null if that many products do not come close, as with a discount so close to 1 that the residual
 * is all rounding.
 */
export function stepTowards(
  problem: ControlProblem,
  chain: EndingChain,
  b: Float64Array,
  maxProducts: number,
): Float64Array | null {
  const n = b.length;
  const affordable = n <= MOST_DIRECT && n ** 3 <= FLOPS_PER_ENTRY * maxProducts * chain.entries.length;
  return solveScaled(b, (unit) => {
    if (n <= ALWAYS_DIRECT || affordable) return eliminate(problem, chain, unit, false);
    const { x, residual } = solveLinear(plainMap(problem, chain), unit, ROUGH_TOLERANCE, maxProducts);
    return residual <= ROUGH_ACCEPTED ? x : null;
  });
}

/**
 * Solves gain + x = b + M x with x = 0 in one state, for a chain M that never ends: the gain is the long-run average
 * per step, and x the values relative to that state's. Returns null for more than 128 states, and if some state does
 * not lead to that one.
 */
export function solveRelative(
  problem: ControlProblem,
  { entries }: EndingChain,
  b: Float64Array,
  reference: number,
): { gain: number; x: Float64Array } | null {
  const n = b.length;
  if (n > ALWAYS_DIRECT) return null;
  const offDiagonal = offDiagonalOf(problem, entries);
  const row = offDiagonal.slice(reference * n, (reference + 1) * n);
  offDiagonal.fill(0, reference * n, (reference + 1) * n);
  const slack = new Float64Array(n);
  slack[reference] = 1;
  const untilReference = (values: Float64Array): Float64Array | null => {
    values[reference] = 0;
    return solveDominant(offDiagonal.slice(), slack.slice(), values, false);
  };
  const yields = untilReference(b.slice());
  const times = untilReference(new Float64Array(n).fill(1));
  if (yields === null || times === null) return null;
  let [yieldOfCycle, timeOfCycle] = [b[reference]!, 1];
  row.forEach((weight, state) => {
    if (state === reference) return;
    yieldOfCycle += weight * yields[state]!;
    timeOfCycle += weight * times[state]!;
  });
  const gain = yieldOfCycle / timeOfCycle;
  const x = untilReference(b.map((value) => value - gain));
  return x !== null && Number.isFinite(gain) && x.every(Number.isFinite) ? { gain, x } : null;
}

/** Solves with b in units of its largest entry, because squares of b could overflow or vanish. */
function solveScaled<Solution extends Float64Array | null>(
  b: Float64Array,
  solve: (unit: Float64Array) => Solution,
): Solution | Float64Array {
  const size = largestEntry(b);
  if (size === 0) return new Float64Array(b.length);
  const x = solve(b.map((value) => value / size));
  return x === null ? x : x.map((value) => value * size);
}

function eliminate(
  problem: ControlProblem,
  { entries, ending }: EndingChain,
  b: Float64Array,
  transposed: boolean,
): Float64Array | null {
  return solveDominant(offDiagonalOf(problem, entries), ending.slice(), b, transposed);
}

/** Returns M without its diagonal, [states, states]. */
function offDiagonalOf(problem: ControlProblem, entries: Float64Array): Float64Array {
  const n = problem.mdp.stateCount;
  const offDiagonal = new Float64Array(n * n);
  forEachStep(problem, (state, next, i) => {
    if (next !== state) offDiagonal[state * n + next]! += entries[i]!;
  });
  return offDiagonal;
}

/** Computes (I - M) x from differences, which are exact between nearly equal values. */
function plainMap(problem: ControlProblem, { entries, ending }: EndingChain): LinearMap {
  const { mdp, rowOffsets, columns } = problem;
  return (x, out) => {
    let i = 0;
    for (let state = 0; state < mdp.stateCount; state++) {
      const end = rowOffsets[(state + 1) * mdp.actionCount]!;
      const value = x[state]!;
      let sum = 0;
      for (; i < end; i++) sum += entries[i]! * (value - x[columns[i]!]!);
      out[state] = ending[state]! * value + sum;
    }
  };
}

function transposedMap(problem: ControlProblem, chain: EndingChain): LinearMap {
  const { mdp, rowOffsets, columns } = problem;
  const { entries } = chain;
  const diagonal = diagonalOf(problem, chain);
  return (x, out) => {
    for (let state = 0; state < out.length; state++) out[state] = diagonal[state]! * x[state]!;
    let i = 0;
    for (let state = 0; state < mdp.stateCount; state++) {
      const end = rowOffsets[(state + 1) * mdp.actionCount]!;
      const from = x[state]!;
      for (; i < end; i++) if (columns[i] !== state) out[columns[i]!]! -= from * entries[i]!;
    }
  };
}

/** Returns 1 - M(s, s). */
function diagonalOf(problem: ControlProblem, { entries, ending }: EndingChain): Float64Array {
  const diagonal = ending.slice();
  forEachStep(problem, (state, next, i) => {
    if (next !== state) diagonal[state]! += entries[i]!;
  });
  return diagonal;
}

function sweep(apply: LinearMap, diagonal: Float64Array, b: Float64Array, x: Float64Array): Float64Array {
  const product = new Float64Array(b.length);
  for (let sweep = 0; ; sweep++) {
    apply(x, product);
    let residual = 0;
    for (let i = 0; i < x.length; i++) {
      const rest = b[i]! - product[i]!;
      residual = Math.max(residual, Math.abs(rest));
      product[i] = rest / diagonal[i]!;
    }
    if (residual <= BACKWARD_ERROR * (1 + largestEntry(x))) return x;
    if (sweep === MOST_SWEEPS) {
      throw new DivergenceError(
        `the values of ${x.length} states had not settled after ${sweep} sweeps: the residual is ` +
          `${residual} of the largest reward or start; use a smaller discount, or at most ${MOST_DIRECT} states, for ` +
          'which they are found by elimination',
      );
    }
    for (let i = 0; i < x.length; i++) x[i]! += product[i]!;
  }
}

function forEachStep(
  { mdp, rowOffsets, columns }: ControlProblem,
  visit: (state: number, next: number, index: number) => void,
): void {
  let i = 0;
  for (let state = 0; state < mdp.stateCount; state++) {
    const end = rowOffsets[(state + 1) * mdp.actionCount]!;
    for (; i < end; i++) visit(state, columns[i]!, i);
  }
}
