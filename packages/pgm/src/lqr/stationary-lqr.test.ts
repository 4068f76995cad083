import { describe, expect, it } from 'vitest';
import { solveStationaryLqr } from './stationary-lqr.js';

const diagonal = (...values: number[]) => {
  const n = values.length;
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? values[i / (n + 1)]! : 0));
};

describe('an endless horizon', () => {
  it('has no value when a costly mode cannot be reached', () => {
    const problem = {
      A: diagonal(1.1, 0.5),
      B: Float64Array.of(0, 1),
      Q: diagonal(1, 1),
      R: Float64Array.of(1),
      noiseCovariance: diagonal(0, 1),
    };
    expect(() => solveStationaryLqr(problem, { inference: 'variational' })).toThrow(/^horizon: .*add up/);
    expect(() => solveStationaryLqr(problem, { inference: 'exact' })).toThrow(/^horizon: .*add up/);
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
