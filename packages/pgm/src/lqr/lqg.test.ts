import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { evaluateLqrPolicy } from './evaluate-policy.js';
import { LqgController, lqgExpectedReturn } from './lqg.js';
import { solveLqr } from './solve-lqr.js';

/** A cart whose position alone is seen, pushed by random forces. */
const problem = {
  A: Float64Array.of(1, 0.2, 0, 0.95),
  B: Float64Array.of(0.02, 0.2),
  Q: Float64Array.of(1, 0, 0, 0.1),
  R: Float64Array.of(0.05),
  noiseCovariance: Float64Array.of(0.01, 0, 0, 0.04),
  terminalCost: Float64Array.of(3, 0, 0, 0),
};
const sensor = { H: Float64Array.of(1, 0), observationCovariance: Float64Array.of(0.3) };
const start = { initialMean: Float64Array.of(1, -0.5), initialCovariance: Float64Array.of(0.5, 0, 0, 0.2) };
const options = { inference: 'variational', horizon: 15, temperature: 0.1, discount: 0.97 } as const;
const solution = solveLqr(problem, options);

/** Mean and standard error of the discounted return over simulated episodes. */
function simulate(episodes: number, gain: number): { mean: number; error: number } {
  const rng = Rng.fromSeed(9);
  const played = { ...solution, K: solution.K.map((value) => gain * value) };
  const returns = Array.from({ length: episodes }, () => {
    const controller = new LqgController(problem, played, sensor, start);
    let position = 1 + Math.sqrt(0.5) * rng.normal();
    let velocity = -0.5 + Math.sqrt(0.2) * rng.normal();
    let total = 0;
    let weight = 1;
    for (let t = 0; t < options.horizon; t++) {
      const seen = Float64Array.of(position + Math.sqrt(0.3) * rng.normal());
      const u = controller.act(seen, rng)[0]!;
      total -= 0.5 * weight * (position ** 2 + 0.1 * velocity ** 2 + 0.05 * u * u);
      weight *= options.discount;
      const nextPosition = position + 0.2 * velocity + 0.02 * u + 0.1 * rng.normal();
      velocity = 0.95 * velocity + 0.2 * u + 0.2 * rng.normal();
      position = nextPosition;
    }
    return total - 1.5 * weight * position ** 2;
  });
  const mean = returns.reduce((sum, value) => sum + value, 0) / episodes;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (episodes - 1);
  return { mean, error: Math.sqrt(variance / episodes) };
}

describe('LQG', () => {
  it('returns what separation says, within 4 standard errors, and less than one who sees the state', () => {
    const expected = lqgExpectedReturn(problem, solution, sensor, start);
    const { mean, error } = simulate(4000, 1);
    expect(error).toBeLessThan(0.05 * Math.abs(expected));
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
    const seeing = evaluateLqrPolicy(problem, solution, start, options).expectedReturn;
    expect(expected).toBeLessThan(seeing - 10 * error);
  });

  it("keeps to the regulator's gain: a weaker and a stronger one return less", () => {
    // All three meet the same luck, so that far fewer episodes will do.
    const { mean } = simulate(500, 1);
    for (const gain of [0.4, 1.8]) expect(simulate(500, gain).mean).toBeLessThan(mean);
  });

  it('with a perfect sensor is the regulator that sees the state', () => {
    const perfect = {
      H: Float64Array.of(1, 0, 0, 1),
      observationCovariance: Float64Array.of(1e-14, 0, 0, 1e-14),
    };
    const seeing = evaluateLqrPolicy(problem, solution, start, options).expectedReturn;
    expect(lqgExpectedReturn(problem, solution, perfect, start)).toBeCloseTo(seeing, 10);
    const controller = new LqgController(problem, solution, perfect, start);
    const [position, velocity] = [0.3, 0.8];
    const u = controller.act(Float64Array.of(position, velocity));
    expect(u[0]).toBeCloseTo(-solution.K[0]! * position - solution.K[1]! * velocity, 10);
    expect(controller.mean[0]).toBeCloseTo(position + 0.2 * velocity + 0.02 * u[0]!, 10);
  });

  it('ends with the horizon', () => {
    const controller = new LqgController(problem, solution, sensor, start);
    for (let t = 0; t < options.horizon; t++) controller.act(Float64Array.of(Number.NaN));
    expect(() => controller.act(Float64Array.of(0))).toThrow(/all 15 steps/);
  });

  it('is refused for risk-seeking control', () => {
    const exact = solveLqr(problem, { inference: 'exact', horizon: 15 });
    expect(() => new LqgController(problem, exact, sensor, start)).toThrow(/^solution\.inference: /);
    expect(() => lqgExpectedReturn(problem, exact, sensor, start)).toThrow(/^solution\.inference: /);
  });

  it.each([
    ['H', { ...sensor, H: Float64Array.of(1, 0, 0) }],
    ['observationCovariance', { ...sensor, observationCovariance: Float64Array.of(1, 0) }],
    ['observationCovariance[0][0]', { ...sensor, observationCovariance: Float64Array.of(0) }],
  ])('names %s', (field, bad) => {
    expect(() => new LqgController(problem, solution, bad, start)).toThrow(`${field}: `);
  });

  it('names a solution of another problem', () => {
    const one = Float64Array.of(1);
    const other = solveLqr(
      { A: one, B: one, Q: one, R: one, noiseCovariance: one },
      { inference: 'variational', horizon: 3 },
    );
    expect(() => new LqgController(problem, other, sensor, start)).toThrow(/^solution: expected one for 2/);
  });
});
