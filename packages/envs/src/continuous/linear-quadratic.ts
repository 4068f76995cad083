import { Box, type BoxArray, defineEnvironment, InvalidInputError, type Rng } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';

type Matrix = readonly (readonly number[])[];

const matrix = z.array(z.array(z.number()).min(1)).min(1);

const linearQuadraticOptions = z.object({
  A: matrix
    .default([
      [1, 0.1],
      [0, 1],
    ])
    .describe('How the state evolves without control, [n][n].'),
  B: matrix.default([[0], [0.1]]).describe('How the action changes the state, [n][m].'),
  Q: matrix
    .default([
      [1, 0],
      [0, 0.1],
    ])
    .describe('Cost of the state, [n][n], symmetric.'),
  R: matrix.default([[0.1]]).describe('Cost of the action, [m][m], symmetric.'),
  noiseDeviations: z
    .array(z.number().min(0))
    .default([0.02, 0.02])
    .describe('Standard deviation of the noise on each entry of the state, [n].'),
  startDeviation: z
    .number()
    .min(0)
    .default(1)
    .describe('Standard deviation of every entry of the start state around 0.'),
  actionLimit: z
    .number()
    .positive()
    .default(10)
    .describe('Bound on every entry of the action; larger ones are clipped.'),
});

/**
 * A linear system with quadratic cost: x' = A x + B u + w, w ~ N(0, diag(noiseDeviations)^2). The reward is
 * -(x' Q x + u' R u) / 2, where x is the state before the step and u the clipped action. Never terminates. The default
 * is a double integrator: position and velocity pushed by a force for a tenth of a second per step.
 *
 * While actions stay within the bounds, the optimal maximum-entropy policy is known (the `lqr` functions of
 * `@maxent/pgm` compute it): with temperature t and discount g, u ~ N(-K x, t (R + g B' P B)^-1), where P solves
 * P = Q + g A' P A - g^2 A' P B (R + g B' P B)^-1 B' P A and K = g (R + g B' P B)^-1 B' P A.
 */
export class LinearQuadratic extends StateVectorEnvironment<Float64Array, BoxArray> {
  protected override readonly picture = 'LinearQuadratic';
  readonly observationSpace: Box<Float64Array>;
  readonly actionSpace: Box<Float64Array>;

  /** Throws InvalidInputError, naming the matrix, when the sizes do not match. */
  constructor(readonly options: z.output<typeof linearQuadraticOptions> = linearQuadraticOptions.parse({})) {
    const { A, B, Q, R, noiseDeviations, actionLimit } = options;
    const stateSize = A.length;
    const actionSize = B[0]!.length;
    super(stateSize);
    requireSize('A', A, stateSize, stateSize);
    requireSize('B', B, stateSize, actionSize);
    requireSymmetric('Q', Q, stateSize);
    requireSymmetric('R', R, actionSize);
    requireSize('noiseDeviations', [noiseDeviations], 1, stateSize);
    this.observationSpace = new Box({
      low: -Infinity,
      high: Infinity,
      shape: [stateSize],
      dataType: 'float64',
    });
    this.actionSpace = new Box({
      low: -actionLimit,
      high: actionLimit,
      shape: [actionSize],
      dataType: 'float64',
    });
  }

  protected start(rng: Rng): void {
    rng.fillNormal(this.state, 0, this.options.startDeviation);
  }

  protected advance(action: BoxArray, rng: Rng): Outcome {
    const { A, B, Q, R, noiseDeviations, actionLimit } = this.options;
    const clipped = Float64Array.from(action, (entry) => clip(entry, actionLimit));
    const before = this.state.slice();
    for (let i = 0; i < before.length; i++) {
      this.state[i] = dot(A[i]!, before) + dot(B[i]!, clipped) + rng.normal(0, noiseDeviations[i]);
    }
    return { reward: -(quadraticForm(Q, before) + quadraticForm(R, clipped)) / 2, terminated: false };
  }

  observe(): Float64Array {
    return this.state.slice();
  }
}

export const linearQuadratic = defineEnvironment({
  id: 'LinearQuadratic-v0',
  description: 'Regulate a noisy linear system at quadratic cost; the optimal soft policy is known.',
  options: linearQuadraticOptions,
  maxEpisodeSteps: 200,
  create: (options) => new LinearQuadratic(options),
});

function dot(row: readonly number[], vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += row[i]! * vector[i]!;
  return sum;
}

function quadraticForm(form: Matrix, vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * dot(form[i]!, vector);
  return sum;
}

function requireSize(field: string, value: Matrix, rows: number, columns: number): void {
  if (value.length !== rows || value.some((row) => row.length !== columns)) {
    const found = `${value.length} of ${value.map((row) => row.length).join(', ')}`;
    throw new InvalidInputError(field, `expected ${rows} rows of ${columns} entries, got ${found}`);
  }
}

function requireSymmetric(field: string, value: Matrix, size: number): void {
  requireSize(field, value, size, size);
  value.forEach((row, i) => {
    row.forEach((entry, j) => {
      if (entry !== value[j]![i]) {
        throw new InvalidInputError(
          `${field}[${i}][${j}]`,
          `expected a symmetric matrix with ${value[j]![i]} here, got ${entry}`,
        );
      }
    });
  });
}
