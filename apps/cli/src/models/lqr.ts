import { solveLqr, solveStationaryLqr } from '@maxent/pgm';
import { z } from 'zod';
import type { FiniteLqrAnswer, StationaryLqrAnswer } from '../commands/infer/answer.js';
import { closedObject } from '../input/check-input.js';
import { readTable } from '../input/read-table.js';
import { nestMatrices, nestRows } from '../output/nest.js';
import { controlOptions } from './control-options.js';

const matrix = z.array(z.array(z.number()).min(1)).min(1);
const { temperature, discount } = controlOptions;

export const lqrModel = closedObject({
  kind: z.literal('lqr'),
  A: matrix.describe("x' = A x + B u + N(0, noiseCovariance), [n][n]"),
  B: matrix.describe('[n][m]'),
  Q: matrix.describe("reward -(x'Qx + u'Ru)/2; [n][n], symmetric and positive semidefinite"),
  R: matrix.describe('[m][m], symmetric and positive definite'),
  noiseCovariance: matrix.describe('[n][n], symmetric and positive semidefinite'),
  terminalCost: matrix.exactOptional().describe("S in -x'Sx/2 after the last step, [n][n]; 0 unless given"),
  horizon: z.int().positive().nullable().describe('number of steps T; null for the infinite horizon'),
  temperature,
  discount: discount.describe('above 0 and at most 1; below 1 for variational only'),
  inference: z.enum(['exact', 'variational']).default('variational'),
});

/** Values and linear-Gaussian policies. Throws InvalidInputError. */
export function inferLqr(model: z.output<typeof lqrModel>): FiniteLqrAnswer | StationaryLqrAnswer {
  const { horizon, temperature, discount, inference, terminalCost } = model;
  const n = model.A.length;
  const m = model.B[0]!.length;
  const problem = {
    A: readTable(model.A, [n, n], 'A'),
    B: readTable(model.B, [n, m], 'B'),
    Q: readTable(model.Q, [n, n], 'Q'),
    R: readTable(model.R, [m, m], 'R'),
    noiseCovariance: readTable(model.noiseCovariance, [n, n], 'noiseCovariance'),
    ...(terminalCost && { terminalCost: readTable(terminalCost, [n, n], 'terminalCost') }),
  };
  const options = { temperature, discount, inference };
  if (horizon === null) {
    const { P, K, policyCovariance, valueConstant, averageReward } = solveStationaryLqr(problem, options);
    return {
      P: nestRows(P, n),
      K: nestRows(K, n),
      policyCovariance: nestRows(policyCovariance, m),
      valueConstant,
      averageReward,
    };
  }
  const { P, K, policyCovariance, valueConstant } = solveLqr(problem, { ...options, horizon });
  return {
    P: nestMatrices(P, n, n),
    K: nestMatrices(K, m, n),
    policyCovariance: nestMatrices(policyCovariance, m, m),
    valueConstant: Array.from(valueConstant),
  };
}
