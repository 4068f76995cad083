import { solveLqr, solveStationaryLqr } from '@maxent/pgm';
import * as z from 'zod';
import type { Figure } from '../figures/figure.js';
import { linesOverTime, seriesOverTime } from '../figures/over-time.js';
import { timelineOf } from '../figures/story.js';
import { closedObject } from '../input/check-input.js';
import { jsonMatrices, jsonMatrix, jsonNumber, jsonVector } from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { formatCounted } from '../output/format-number.js';
import { NestedArray } from '../output/nested-array.js';
import { type Summary, shownNumber, summaryCells, summaryRows } from '../output/summary.js';
import { controlOptions } from './control-options.js';
import type { InferenceSize } from './inference-memory.js';
import { defineModelKind } from './model-kind.js';

const table = z.array(z.array(z.number()).min(1)).min(1);
const { temperature, discount } = controlOptions;

const schema = closedObject({
  kind: z.literal('lqr'),
  A: table.describe("x' = A x + B u + N(0, noiseCovariance), [n][n]"),
  B: table.describe('[n][m]'),
  Q: table.describe("reward -(x'Qx + u'Ru)/2; [n][n], symmetric and positive semidefinite"),
  R: table.describe('[m][m], symmetric and positive definite'),
  noiseCovariance: table.describe('[n][n], symmetric and positive semidefinite'),
  terminalCost: table.exactOptional().describe("S in -x'Sx/2 after the last step, [n][n]; 0 unless given"),
  horizon: z.int().positive().nullable().describe('number of steps T; null for the infinite horizon'),
  temperature,
  discount: discount.describe('above 0 and at most 1; below 1 for variational only'),
  inference: z.enum(['exact', 'variational']).default('variational'),
});

type LqrModel = z.output<typeof schema>;

const finiteAnswer = z
  .object({
    P: jsonMatrices.describe("V_t(x) = -x'P_t x/2 + valueConstant_t, [T+1][n][n]"),
    K: jsonMatrices.describe('mean control u = -K_t x, [T][m][n]'),
    policyCovariance: jsonMatrices.describe('[T][m][m]'),
    valueConstant: jsonVector.describe('[T+1]'),
  })
  .describe('lqr with a horizon');

const stationaryAnswer = z
  .object({
    P: jsonMatrix.describe('[n][n]'),
    K: jsonMatrix.describe('[m][n]'),
    policyCovariance: jsonMatrix.describe('[m][m]'),
    valueConstant: jsonNumber.nullable().describe('null at discount 1'),
    averageReward: jsonNumber.describe(
      'what each further step adds to the constant of V; for a discount below 1, (1 - discount) valueConstant',
    ),
  })
  .describe('lqr without a horizon');

/** Values and linear-Gaussian policies. */
function infer(model: LqrModel) {
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
      P: NestedArray.rows(P, n),
      K: NestedArray.rows(K, n),
      policyCovariance: NestedArray.rows(policyCovariance, m),
      valueConstant,
      averageReward,
    };
  }
  const { P, K, policyCovariance, valueConstant } = solveLqr(problem, { ...options, horizon });
  return {
    P: NestedArray.matrices(P, n, n),
    K: NestedArray.matrices(K, m, n),
    policyCovariance: NestedArray.matrices(policyCovariance, m, m),
    valueConstant,
  };
}

type LqrSolution = ReturnType<typeof infer>;

/** P [T+1][n][n], K [T][m][n], covariances [T][m][m], constants [T+1]. */
function size({ A, B, horizon }: LqrModel): InferenceSize {
  const n = A.length;
  const m = B[0]!.length;
  const steps = horizon ?? 1;
  const answered = (steps + 1) * (n ** 2 + 1) + steps * (m * n + m ** 2);
  const sizes = `${formatCounted(n, 'state')} and ${formatCounted(m, 'control')}`;
  return {
    field: horizon === null ? 'A' : 'horizon',
    what: horizon === null ? sizes : `${formatCounted(steps, 'step')} of ${sizes}`,
    read: 4 * n ** 2 + n * m + m ** 2,
    worked: answered,
    answered,
    arrays: steps * (n + 2 * m + 3),
  };
}

function summary(solution: LqrSolution): Summary {
  if (solution.averageReward !== undefined) {
    const { P, K, averageReward, valueConstant } = solution;
    return {
      facts: [
        ['average reward', shownNumber(averageReward)],
        ...(valueConstant === null ? [] : [['constant of V', shownNumber(valueConstant)] as const]),
      ],
      ...gainRows('', P, K),
    };
  }
  const { P, K, valueConstant } = solution;
  return {
    facts: [
      ['steps', String(K.shape[0])],
      ['constant of V at t = 0', shownNumber(valueConstant[0]!)],
    ],
    ...gainRows('at t = 0', P.part(0), K.part(0)),
  };
}

/** The rows of P, then those of K. */
function gainRows(when: string, P: NestedArray, K: NestedArray): Pick<Summary, 'table' | 'more'> {
  const [n, columns] = P.shape as [number, number];
  const head = [when, ...summaryCells(columns, (j) => `[${j}]`)];
  return summaryRows(head, n + K.shape[0]!, (row) => {
    const [name, gains, i] = row < n ? (['P', P, row] as const) : (['K', K, row - n] as const);
    return [`${name}[${i}]`, ...summaryCells(columns, (j) => shownNumber(gains.at(i, j)))];
  });
}

const MOST_SERIES = 6;

/** The entries of P and K, over time where there is a horizon. */
function figures({ P, K, averageReward }: LqrSolution): Figure[] {
  if (averageReward === undefined) return [entriesOverTime('P', P, true), entriesOverTime('K', K, false)];
  return Object.entries({ P, K }).map(([name, gains]) => ({
    kind: 'bars',
    title: name,
    bars: entriesOf(gains.shape[0]!, gains.shape[1]!).map(([i, j]) => ({
      label: `${name}[${i}][${j}]`,
      value: gains.at(i, j),
    })),
    probabilities: false,
  }));
}

function entriesOverTime(name: string, matrices: NestedArray, symmetric: boolean): Figure {
  const [times, rows, columns] = matrices.shape as [number, number, number];
  const entries = entriesOf(rows, columns).filter(([i, j]) => !symmetric || i <= j);
  const shown = entries.slice(0, MOST_SERIES);
  const part = shown.length < entries.length ? `, first ${shown.length} of ${entries.length} entries` : '';
  return linesOverTime(
    name + part,
    shown.map(([i, j]) => seriesOverTime(`${name}[${i}][${j}]`, times, (t) => ({ y: matrices.at(t, i, j) }))),
  );
}

/** The places in a matrix, row by row. */
function entriesOf(rows: number, columns: number): (readonly [i: number, j: number])[] {
  return Array.from({ length: rows * columns }, (_, k) => [Math.floor(k / columns), k % columns] as const);
}

/** Linear-quadratic regulators. */
export const lqr = defineModelKind({
  kind: 'lqr',
  title: 'linear-quadratic control, as inference',
  schema,
  answer: [finiteAnswer, stationaryAnswer],
  size,
  infer,
  summary,
  figures,
  story: ({ K, averageReward }, _, figures) => ({
    formulas: [
      ["V(x) = -x' P x / 2 + constant", 'what a state costs from now on grows with its square'],
      ['u = -K x', 'the mean control pushes the state back, the harder the further it is'],
      [
        'N(-K x, policyCovariance)',
        'the policy spreads around that: more at a high temperature, less where a wrong control is expensive',
      ],
    ],
    ...(averageReward === undefined && { timeline: timelineOf(figures, K.shape[0]!, []) }),
  }),
});
