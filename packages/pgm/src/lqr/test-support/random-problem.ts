import { randomCovariance, randomMatrix } from '../../linear-algebra/test-support/random-matrix.js';
import type { LqrProblem } from '../lqr-problem.js';
import type { LqrStart } from '../state-marginals.js';

/** Returns a random problem whose noise has rank `noiseRank`, n by default. */
export function randomProblem(n: number, m: number, seed: number, noiseRank = n): LqrProblem {
  const R = randomCovariance(m, seed + 4);
  for (let i = 0; i < m; i++) R[i * m + i]! += 0.2;
  return {
    A: randomMatrix(n, n, seed).map((value) => value / Math.sqrt(n)),
    B: randomMatrix(n, m, seed + 1),
    Q: randomCovariance(n, seed + 2),
    R,
    noiseCovariance: noiseRank === 0 ? new Float64Array(n * n) : randomCovariance(n, seed + 3, noiseRank),
    terminalCost: randomCovariance(n, seed + 5, 1),
  };
}

export function randomStart(n: number, seed: number): LqrStart {
  return { initialMean: randomMatrix(n, 1, seed), initialCovariance: randomCovariance(n, seed + 1) };
}

/** Returns the problem without a terminal cost, as an infinite horizon requires. */
export function withoutTerminalCost({ terminalCost: _, ...problem }: LqrProblem): LqrProblem {
  return problem;
}
