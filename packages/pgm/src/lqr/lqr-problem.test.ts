import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import type { LqrOptions, LqrProblem } from './lqr-problem.js';
import { solveLqr } from './solve-lqr.js';
import { solveStationaryLqr } from './stationary-lqr.js';

const matrix = (...values: number[]) => Float64Array.from(values);

const good: LqrProblem = {
  A: matrix(1, 0.1, 0, 1),
  B: matrix(0, 1),
  Q: matrix(1, 0, 0, 0),
  R: matrix(1),
  noiseCovariance: matrix(0, 0, 0, 1),
};

function fieldOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.field;
    throw error;
  }
  return 'nothing';
}

describe('bad input is named', () => {
  it.each<[string, Partial<LqrProblem>]>([
    ['A', { A: matrix(1, 2, 3) }],
    ['A', { A: matrix() }],
    ['A[1][0]', { A: matrix(1, 0, Infinity, 1) }],
    ['B', { B: matrix(1, 2, 3) }],
    ['B', { B: matrix() }],
    ['B[1][0]', { B: matrix(1, Number.NaN) }],
    ['Q', { Q: matrix(1) }],
    ['Q[1][0]', { Q: matrix(1, 0, 0.1, 1) }],
    ['Q[1][1]', { Q: matrix(1, 0, 0, -1) }],
    ['Q', { Q: matrix(1, 2, 2, 1) }],
    ['R', { R: matrix(1, 0) }],
    ['R[0][0]', { R: matrix(0) }],
    ['R', { B: matrix(0, 1, 1, 0), R: matrix(1, 1, 1, 1) }],
    ['noiseCovariance', { noiseCovariance: matrix(1, 2, 2, 1) }],
    ['noiseCovariance[1][0]', { noiseCovariance: matrix(1, 0.5, 0, 1) }],
    ['terminalCost[0][0]', { terminalCost: matrix(-1, 0, 0, 0) }],
  ])('%s in %j', (field, change) => {
    const problem = { ...good, ...change };
    expect(fieldOf(() => solveLqr(problem, { inference: 'exact', horizon: 2 }))).toBe(field);
    if (change.terminalCost === undefined) {
      expect(fieldOf(() => solveStationaryLqr(problem, { inference: 'exact' }))).toBe(field);
    }
  });

  it.each<[string, Partial<LqrOptions & { horizon: number }>]>([
    ['inference', { inference: 'hard' as LqrOptions['inference'] }],
    ['temperature', { temperature: 0 }],
    ['temperature', { temperature: Number.NaN }],
    ['discount', { discount: 0 }],
    ['discount', { discount: 1.1 }],
    ['discount', { inference: 'exact', discount: 0.9 }],
    ['horizon', { horizon: 0 }],
    ['horizon', { horizon: 2.5 }],
  ])('%s in %j', (field, change) => {
    expect(fieldOf(() => solveLqr(good, { inference: 'variational', horizon: 2, ...change }))).toBe(field);
  });

  it('terminalCost where there is no last step', () => {
    const problem = { ...good, terminalCost: matrix(0, 0, 0, 0) };
    expect(fieldOf(() => solveStationaryLqr(problem, { inference: 'exact' }))).toBe('terminalCost');
  });

  it('a horizon over which the cost outgrows float64', () => {
    const problem = { ...good, A: matrix(2, 0, 0, 1), B: matrix(0, 1) };
    expect(fieldOf(() => solveLqr(problem, { inference: 'variational', horizon: 600 }))).toBe('horizon');
    expect(fieldOf(() => solveLqr(problem, { inference: 'variational', horizon: 400 }))).toBe('nothing');
  });
});
