import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { multiply, transposedMultiply } from '../linear-algebra/multiply.js';
import { solveLower, solveLowerTransposed } from '../linear-algebra/triangular-solve.js';
import type { CheckedLqrOptions, CheckedLqrProblem } from './lqr-problem.js';

/**
 * The equation P = Q + F'P (I + G G'P)^-1 F, all [n, n], Q = L_Q L_Q'. With G G' = discount B R^-1 B' for
 * `variational`, or B R^-1 B' + W / temperature for `exact`, and F = sqrt(discount) A, it is the equation of an
 * infinite horizon: to the optimist, the noise is one more control.
 *
 * Everything below stores P as a square root and adds only squares. All terms of a sum then have the same units, so
 * nothing depends on the units of the states.
 */
export interface RiccatiEquation {
  readonly n: number;
  readonly F: Float64Array;
  /** Lower triangular. */
  readonly G: Float64Array;
  /** Lower triangular L_Q. */
  readonly costFactor: Float64Array;
}

export function riccatiEquation(problem: CheckedLqrProblem, options: CheckedLqrOptions): RiccatiEquation {
  const { stateSize: n, controlSize: m, A, B, factors } = problem;
  const { discount, temperature, inference } = options;
  const whitened = new Float64Array(m * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) whitened[j * n + i] = Math.sqrt(discount) * B[i * m + j]!;
  }
  solveLower(factors.R, m, whitened, n);
  const G = new Float64Array(n * n);
  if (inference === 'exact') {
    G.set(factors.noiseCovariance.map((value) => value / Math.sqrt(temperature)));
  }
  absorbColumns(G, n, transpose(whitened, m, n), m);
  return { n, F: A.map((value) => Math.sqrt(discount) * value), G, costFactor: factors.Q };
}

/** The most doublings to try: the horizon is then 2^100 steps long. */
const MOST_DOUBLINGS = 100;

/**
 * Returns the limit of the costs of ever longer horizons, as a triangular square root, by structured doubling in
 * square-root form (Chu, Fan, Lin and Wang, Structure-preserving algorithms for periodic discrete-time algebraic
 * Riccati equations, 2004): the k-th iterate is the P of 2^k steps. Returns null if it does not converge.
 */
export function solveByDoubling({ n, F, G, costFactor }: RiccatiEquation): Float64Array | null {
  let loop = F;
  const reach = G.slice();
  const cost = costFactor.slice();
  for (let doubling = 0; doubling < MOST_DOUBLINGS; doubling++) {
    const overlap = product(cost, reach, n, true);
    const costTilt = identityPlus(overlap, n);
    const reachTilt = identityPlus(transpose(overlap, n, n), n);
    const seen = product(cost, loop, n, true);
    const hidden = product(overlap, seen, n, true);
    solveLower(reachTilt, n, hidden, n);
    const steered = transpose(product(loop, reach, n), n, n);
    solveLower(reachTilt, n, steered, n);
    solveLower(costTilt, n, seen, n);
    const changed = addSquares(cost, n, transpose(seen, n, n));
    const next = product(loop, loop, n);
    const prevented = product(steered, hidden, n, true);
    for (let i = 0; i < n * n; i++) next[i]! -= prevented[i]!;
    addSquares(reach, n, transpose(steered, n, n));
    loop = next;
    if (!cost.every(Number.isFinite) || !loop.every(Number.isFinite) || !reach.every(Number.isFinite))
      return null;
    if (changed <= n * Number.EPSILON) return cost;
  }
  return null;
}

/** A closed loop in the coordinates z = `basis`' x: z' = `loop` z, at a cost of |`costs`' z|^2 per step. */
export interface ClosedLoop {
  /** Lower triangular and nonsingular, [n, n]. */
  readonly basis: Float64Array;
  readonly loop: Float64Array;
  /** [n, n]: the cost of the state, then the cost of the controls v, which move the state by G v. */
  readonly costs: readonly [state: Float64Array, control: Float64Array];
}

/**
 * Returns the loop that is best for P = L L', (I + G G'P)^-1 F. In the basis L it is (I + M M')^-1 L'F L'^-1 with M =
 * L'G, where nothing cancels and (I + M M')^-1 lengthens no vector; if L is singular, it is F - G K.
 */
export function closeLoop({ n, F, G, costFactor }: RiccatiEquation, factor: Float64Array): ClosedLoop {
  const regular = isRegular(factor, n);
  const basis = regular ? factor : identityPlus(new Float64Array(n * n), n);
  const overlap = product(factor, G, n, true);
  let seen = product(factor, F, n, true);
  if (regular) {
    const transposed = transpose(seen, n, n);
    solveLower(basis, n, transposed, n);
    seen = transpose(transposed, n, n);
  }
  const gain = product(overlap, seen, n, true);
  const reachTilt = identityPlus(transpose(overlap, n, n), n);
  solveLower(reachTilt, n, gain, n);
  solveLowerTransposed(reachTilt, n, gain, n);
  const costs = [costFactor.slice(), transpose(gain, n, n)] as const;
  solveLower(basis, n, costs[0], n);
  if (regular) {
    const costTilt = identityPlus(overlap, n);
    solveLower(costTilt, n, seen, n);
    solveLowerTransposed(costTilt, n, seen, n);
    return { basis, loop: seen, costs };
  }
  const steered = product(G, gain, n);
  return { basis, loop: F.map((value, i) => value - steered[i]!), costs };
}

/** Returns whether every row of a lower-triangular matrix is independent of the rows above it, to rounding. */
function isRegular(lower: Float64Array, n: number): boolean {
  const sizes = rowSquares(lower, n);
  return sizes.every((size, i) => lower[i * n + i]! > n * Number.EPSILON * Math.sqrt(size));
}

/** The most Newton steps: after these, only rounding is left. */
const MOST_NEWTON_STEPS = 12;
/** The most doublings of a sum: enough for a loop whose spectral radius is at most 1 - 1e-12. */
const MOST_SUM_DOUBLINGS = 48;

/**
 * Refines a solution whose loop is stable by Newton's method: the cost of its gain, P = Q + K'K + L'P L, is again a sum
 * of squares, and the next gain is the best one for that cost (Kleinman 1968, "On an iterative technique for Riccati
 * equation computations"; Hewer 1971 in discrete time). Returns `factor` itself if the loop is not stable.
 */
export function refine(equation: RiccatiEquation, factor: Float64Array): Float64Array {
  const { n } = equation;
  let best = factor;
  let distance = Infinity;
  for (let step = 0; step < MOST_NEWTON_STEPS; step++) {
    const next = costOfLoop(closeLoop(equation, best), n);
    if (next === null) return best;
    const moved = relativeDistance(best, next, n);
    if (!(moved < distance)) return best;
    best = next;
    distance = moved;
    if (moved <= 4 * n * Number.EPSILON) return best;
  }
  return best;
}

/** Returns the square root of the total cost of a loop; null if the sum does not converge. */
export function costOfLoop({ basis, loop, costs }: ClosedLoop, n: number): Float64Array | null {
  const sum = new Float64Array(n * n);
  for (const columns of costs) absorbColumns(sum, n, columns, n);
  let power = loop;
  for (let doubling = 0; doubling < MOST_SUM_DOUBLINGS; doubling++) {
    const changed = addSquares(sum, n, transpose(product(sum, power, n, true), n, n));
    if (!sum.every(Number.isFinite)) return null;
    if (changed <= n * Number.EPSILON) return product(basis, sum, n);
    power = product(power, power, n);
  }
  return null;
}

/**
 * Returns the largest |P - P'|, given square roots of P and P', each entry relative to the root of its diagonal entries
 * in P'.
 */
export function relativeDistance(first: Float64Array, second: Float64Array, n: number): number {
  const before = product(first, transpose(first, n, n), n);
  const after = product(second, transpose(second, n, n), n);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const change = Math.abs(after[i * n + j]! - before[i * n + j]!);
      if (change === 0) continue;
      const scale = Math.sqrt(after[i * n + i]!) * Math.sqrt(after[j * n + j]!);
      largest = Math.max(largest, change / scale);
    }
  }
  return largest;
}

/** Returns the same equation with every entry of F and G changed by a few roundings. */
export function roundedAnew({ n, F, G, costFactor }: RiccatiEquation): RiccatiEquation {
  // A fixed pattern without structure: the bits of squares.
  const sign = (i: number) => (((i * i * 2654435761) >>> 7) & 1 ? 1 : -1);
  const change = (value: number, i: number) => value * (1 + 4 * Number.EPSILON * sign(i + 1));
  return { n, F: F.map(change), G: G.map((value, i) => change(value, i + n * n)), costFactor };
}

/**
 * Replaces L by the factor of L L' + C C' for columns C. Returns the largest fraction of a diagonal entry that is new.
 */
function addSquares(lower: Float64Array, n: number, columns: Float64Array): number {
  const added = rowSquares(columns, n);
  absorbColumns(lower, n, columns, n);
  const sums = rowSquares(lower, n);
  return added.reduce(
    (largest, value, i) => (value === 0 ? largest : Math.max(largest, value / sums[i]!)),
    0,
  );
}

function rowSquares(matrix: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let i = 0; i < n * n; i++) sums[Math.floor(i / n)]! += matrix[i]! * matrix[i]!;
  return sums;
}

/** Returns the lower-triangular C with C C' = I + M M'. */
function identityPlus(M: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) lower[i * n + i] = 1;
  absorbColumns(lower, n, M.slice(), n);
  return lower;
}

/** Returns A B, or A'B if `transposed`, in a new array. */
function product(a: Float64Array, b: Float64Array, n: number, transposed = false): Float64Array {
  const out = new Float64Array(n * n);
  (transposed ? transposedMultiply : multiply)(out, a, b, n, n, n);
  return out;
}

function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  return out;
}
