import { cholesky, choleskyLogDeterminant, choleskySolve } from '../../linear-algebra/cholesky.js';
import { covarianceFactor } from '../../linear-algebra/covariance-factor.js';
import { multiply, multiplyTransposed } from '../../linear-algebra/multiply.js';
import type { LqrProblem } from '../lqr-problem.js';
import type { LqrStart } from '../state-marginals.js';

/**
 * Computes the exact posterior over whole trajectories, without any recursion. All of them are linear in z = (e_0, e_1
 * .. e_T, u_0 .. u_{T-1}) with x_0 = m + L_0 e_0 and w_t = L_W e_{t+1}; the prior of e times exp(sum of r /
 * temperature) is exp(-(z'M z) / 2 - b'z - c), a Gaussian.
 */
export function jointPosterior(problem: LqrProblem, start: LqrStart, horizon: number, temperature: number) {
  const n = start.initialMean.length;
  const m = problem.B.length / n;
  const noises = (horizon + 1) * n;
  const size = noises + horizon * m;
  const startFactor = factorOf(start.initialCovariance, n);
  const noiseFactor = factorOf(problem.noiseCovariance, n);

  // x_t = states[t] z + offsets[t].
  const states: Float64Array[] = [];
  const offsets: Float64Array[] = [];
  for (let t = 0; t <= horizon; t++) {
    const map = new Float64Array(n * size);
    const offset = new Float64Array(n);
    if (t === 0) {
      offset.set(start.initialMean);
      place(map, size, startFactor, n, n, 0);
    } else {
      multiply(map, problem.A, states[t - 1]!, n, n, size);
      multiply(offset, problem.A, offsets[t - 1]!, n, n, 1);
      place(map, size, problem.B, n, m, noises + (t - 1) * m);
      place(map, size, noiseFactor, n, n, t * n);
    }
    states.push(map);
    offsets.push(offset);
  }

  const M = new Float64Array(size * size);
  const b = new Float64Array(size);
  let c = 0;
  for (let i = 0; i < noises; i++) M[i * size + i] = 1;
  const addCost = (cost: Float64Array, map: Float64Array, offset: Float64Array, rows: number) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        const weight = cost[i * rows + j]! / temperature;
        c += 0.5 * weight * offset[i]! * offset[j]!;
        for (let k = 0; k < size; k++) {
          b[k]! += weight * map[i * size + k]! * offset[j]!;
          for (let l = 0; l < size; l++) M[k * size + l]! += weight * map[i * size + k]! * map[j * size + l]!;
        }
      }
    }
  };
  for (let t = 0; t < horizon; t++) {
    addCost(problem.Q, states[t]!, offsets[t]!, n);
    const control = new Float64Array(m * size);
    for (let i = 0; i < m; i++) control[i * size + noises + t * m + i] = 1;
    addCost(problem.R, control, new Float64Array(m), m);
  }
  addCost(problem.terminalCost ?? new Float64Array(n * n), states[horizon]!, offsets[horizon]!, n);

  const lower = new Float64Array(size * size);
  if (!cholesky(lower, M, size)) throw new Error('the joint is not a Gaussian');
  const mode = b.map((value) => -value);
  choleskySolve(lower, size, mode, 1);
  let gain = 0;
  for (let k = 0; k < size; k++) gain -= 0.5 * b[k]! * mode[k]!;
  const covariance = new Float64Array(size * size);
  for (let k = 0; k < size; k++) covariance[k * size + k] = 1;
  choleskySolve(lower, size, covariance, size);

  return {
    logEvidence:
      0.5 * horizon * m * Math.log(2 * Math.PI) - 0.5 * choleskyLogDeterminant(lower, size) + gain - c,
    state(t: number) {
      const mean = new Float64Array(n);
      multiply(mean, states[t]!, mode, n, size, 1);
      for (let i = 0; i < n; i++) mean[i]! += offsets[t]![i]!;
      const spread = new Float64Array(n * size);
      multiply(spread, states[t]!, covariance, n, size, size);
      const stateCovariance = new Float64Array(n * n);
      multiplyTransposed(stateCovariance, spread, states[t]!, n, size, n);
      return { mean, covariance: stateCovariance };
    },
  };
}

function factorOf(covariance: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  covarianceFactor(factor, covariance, n);
  return factor;
}

/** Adds `block`, [rows, columns], to `map`, [rows, size], from a column on. */
function place(
  map: Float64Array,
  size: number,
  block: Float64Array,
  rows: number,
  columns: number,
  at: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) map[i * size + at + j]! += block[i * columns + j]!;
  }
}
