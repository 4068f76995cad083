import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomMatrix } from '../linear-algebra/test-support/random-matrix.js';
import fixtures from './fixtures/stationary.json' with { type: 'json' };
import type { LqrProblem } from './lqr-problem.js';
import { solveLqr } from './solve-lqr.js';
import { solveStationaryLqr } from './stationary-lqr.js';

const diagonal = (...values: number[]) => {
  const n = values.length;
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? values[i / (n + 1)]! : 0));
};

describe('an infinite horizon', () => {
  it('has no value when a costly mode cannot be reached', () => {
    const problem = {
      A: diagonal(1.1, 0.5),
      B: Float64Array.of(0, 1),
      Q: diagonal(1, 1),
      R: Float64Array.of(1),
      noiseCovariance: diagonal(0, 1),
    };
    expect(() => solveStationaryLqr(problem, { inference: 'variational' })).toThrow(/^horizon: .*still grow/);
    expect(() => solveStationaryLqr(problem, { inference: 'exact' })).toThrow(/^horizon: .*still grow/);
    // A discount that makes up for the growth, 1.1^2 * 0.8 < 1.
    const { P } = solveStationaryLqr(problem, { inference: 'variational', discount: 0.8 });
    expect(P[0]).toBeCloseTo(1 / (1 - 1.21 * 0.8), 9);
  });

  it('has none for a costly mode that stays where it is, either', () => {
    const problem = {
      A: Float64Array.of(1),
      B: Float64Array.of(0),
      Q: Float64Array.of(1),
      R: Float64Array.of(1),
      noiseCovariance: Float64Array.of(0),
    };
    expect(() => solveStationaryLqr(problem, { inference: 'variational' })).toThrow(/^horizon: /);
  });

  it('has one for the optimist who trusts the noise to reach that mode', () => {
    const problem = {
      A: Float64Array.of(1.1),
      B: Float64Array.of(0),
      Q: Float64Array.of(1),
      R: Float64Array.of(1),
      noiseCovariance: Float64Array.of(2),
    };
    expect(() => solveStationaryLqr(problem, { inference: 'variational' })).toThrow(/^horizon: /);
    const { P, K } = solveStationaryLqr(problem, { inference: 'exact' });
    const p = P[0]!;
    expect(p).toBeCloseTo(1 + (1.21 * p) / (1 + 2 * p), 13);
    expect(K[0]).toBe(0);
  });

  it('is refused where an unstable mode costs nothing', () => {
    const problem = {
      A: Float64Array.of(2),
      B: Float64Array.of(1),
      Q: Float64Array.of(0),
      R: Float64Array.of(1),
      noiseCovariance: Float64Array.of(1),
    };
    expect(() => solveStationaryLqr(problem, { inference: 'variational' })).toThrow(/^Q: .*grows by 2\.000/);
  });

  it('lets a mode that neither grows nor costs be', () => {
    const { P, K } = solveStationaryLqr(
      {
        A: diagonal(1, 1),
        B: Float64Array.of(0, 1),
        Q: diagonal(0, 1),
        R: Float64Array.of(1),
        noiseCovariance: diagonal(1, 0),
      },
      { inference: 'variational' },
    );
    expect(Array.from(P.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(P[3]).toBeCloseTo((1 + Math.sqrt(5)) / 2, 13);
    expect(K[0]).toBe(0);
  });

  it('takes a nearly uncontrollable, nearly marginal problem to its solution', () => {
    // P = Q + A^2 P / (1 + B^2 P) with A = 1 - 1e-6 and B = 1e-4.
    const [a, b] = [1 - 1e-6, 1e-4];
    const { P } = solveStationaryLqr(
      {
        A: Float64Array.of(a),
        B: Float64Array.of(b),
        Q: Float64Array.of(1),
        R: Float64Array.of(1),
        noiseCovariance: Float64Array.of(0),
      },
      { inference: 'variational' },
    );
    const linear = 1 - a * a - b * b;
    const expected = (-linear + Math.sqrt(linear * linear + 4 * b * b)) / (2 * b * b);
    expect(P[0]! / expected).toBeCloseTo(1, 10);
  });
});

/** Largest difference of two costs, entries as shares of the diagonal ones; it has no units. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const n = Math.sqrt(expected.length);
  let largest = 0;
  for (let i = 0; i < n * n; i++) {
    const [row, column] = [Math.floor(i / n), i % n];
    const scale = Math.sqrt(expected[row * (n + 1)]! * expected[column * (n + 1)]!);
    largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!) / (scale || 1));
  }
  return largest;
}

/** The problem for z in x = T z. */
function inUnits(problem: LqrProblem, T: readonly number[]): LqrProblem {
  const n = T.length;
  const m = problem.B.length / n;
  const row = (i: number) => T[Math.floor(i / n)]!;
  return {
    ...problem,
    A: problem.A.map((value, i) => (value / row(i)) * T[i % n]!),
    B: problem.B.map((value, i) => value / T[Math.floor(i / m)]!),
    Q: problem.Q.map((value, i) => value * row(i) * T[i % n]!),
    noiseCovariance: problem.noiseCovariance.map((value, i) => value / row(i) / T[i % n]!),
  };
}

const problemOf = ({ A, B, Q, R, n }: (typeof fixtures.random)[number]): LqrProblem => ({
  A: Float64Array.from(A),
  B: Float64Array.from(B),
  Q: Float64Array.from(Q),
  R: Float64Array.from(R),
  noiseCovariance: new Float64Array(n * n),
});

const closeProblem = (modes: readonly number[]): LqrProblem => ({
  A: diagonal(...modes),
  B: new Float64Array(modes.length).fill(1),
  Q: diagonal(...modes.map(() => 1)),
  R: Float64Array.of(1),
  noiseCovariance: new Float64Array(modes.length ** 2),
});

const variational = { inference: 'variational' } as const;
const powersOfTwo = (n: number) =>
  fc.array(
    fc.integer({ min: -40, max: 40 }).map((power) => 2 ** power),
    { minLength: n, maxLength: n },
  );

describe('a stationary solution', () => {
  it.each(fixtures.random)('is that of SciPy: $kind, $n states, $m controls', (fixture) => {
    const { P } = solveStationaryLqr(problemOf(fixture), variational);
    expect(distance(P, fixture.P)).toBeLessThan(1e-11);
  });

  // B moves these modes all but alike, and only their tiny difference lets it hold them.
  it.each(fixtures.close)('is found for unstable modes as close as $A', ({ A, P, K }) => {
    const solution = solveStationaryLqr(closeProblem(A), variational);
    expect(distance(solution.P, P)).toBeLessThan(1e-8);
    solution.K.forEach((gain, i) => {
      expect(Math.abs(gain / K[i]! - 1)).toBeLessThan(1e-6);
    });
  });

  it('and every refusal are the same in other units', () => {
    const problems = [
      ...fixtures.random.map(problemOf),
      ...fixtures.close.slice(0, 3).map(({ A }) => closeProblem(A)),
      // Out of reach, and without a cost.
      { ...closeProblem([1.1, 0.5]), B: Float64Array.of(0, 1) },
      { ...closeProblem([2, 0.5]), Q: diagonal(0, 1) },
    ];
    const cases = fc.constantFrom(...problems).chain((problem) =>
      fc.record({
        problem: fc.constant(problem),
        T: powersOfTwo(Math.sqrt(problem.A.length)),
      }),
    );
    const solve = (problem: LqrProblem) => {
      try {
        return solveStationaryLqr(problem, variational);
      } catch (error) {
        return (error as Error).message;
      }
    };
    fc.assert(
      fc.property(cases, ({ problem, T }) => {
        const plain = solve(problem);
        const other = solve(inUnits(problem, T));
        if (typeof plain === 'string' || typeof other === 'string') {
          expect(other).toBe(plain);
          return;
        }
        const n = T.length;
        const P = other.P.map((value, i) => value / T[Math.floor(i / n)]! / T[i % n]!);
        expect(distance(P, plain.P)).toBeLessThan(1e-9);
        other.K.forEach((gain, i) => {
          expect(Math.abs(gain / T[i % n]! - plain.K[i]!)).toBeLessThanOrEqual(
            1e-7 * Math.abs(plain.K[i]!) + 1e-12,
          );
        });
      }),
      { numRuns: 60 },
    );
  });
});

it('of 60 states and 3 controls is that of long horizons', () => {
  const n = 60;
  const A = randomMatrix(n, n, 60).map((value) => (1.2 * value) / Math.sqrt(n));
  const problem: LqrProblem = {
    A,
    B: randomMatrix(n, 3, 61),
    Q: diagonal(...new Array(n).fill(1)),
    R: diagonal(1, 1, 1),
    noiseCovariance: new Float64Array(n * n),
  };
  const { P } = solveStationaryLqr(problem, variational);
  expect(distance(solveLqr(problem, { ...variational, horizon: 300 }).P.subarray(0, n * n), P)).toBeLessThan(
    1e-10,
  );
});

describe('the reason of a refusal', () => {
  // A rotation by an angle whose sine and cosine are not exact: all zeros become roundings.
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const rotated = (a: number, b: number) =>
    Float64Array.of(c * c * a + s * s * b, c * s * (a - b), c * s * (a - b), s * s * a + c * c * b);

  it('is B where it does not reach an unstable mode, or does by rounding alone', () => {
    const reason = /^horizon: .*that B cannot steer|^horizon: .*because B barely reaches/;
    expect(() => solveStationaryLqr(closeProblem([1.1, 1.1]), variational)).toThrow(reason);
    const problem = { ...closeProblem([1, 1]), A: rotated(1.5, 0.5), B: Float64Array.of(-s, c) };
    expect(() => solveStationaryLqr(problem, variational)).toThrow(reason);
  });

  it('is Q where it does not see an unstable mode, or does by rounding alone', () => {
    const problem = {
      ...closeProblem([1, 1]),
      A: rotated(1.5, 0.5),
      B: Float64Array.of(1, 1),
      Q: rotated(0, 1),
    };
    try {
      // Rounding may have left a cost that decides what the stationary value is.
      const { K } = solveStationaryLqr(problem, variational);
      expect(Math.hypot(...K)).toBeGreaterThan(0.1);
    } catch (error) {
      expect((error as Error).message).toMatch(/^Q: expected a cost on every unstable mode of A/);
    }
    expect(() => solveStationaryLqr({ ...closeProblem([2, 0.5]), Q: diagonal(0, 1) }, variational)).toThrow(
      /^Q: expected a cost on every unstable mode of A, got none on one that grows by 2.000 per step/,
    );
  });
});
