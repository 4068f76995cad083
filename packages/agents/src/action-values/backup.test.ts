import { DivergenceError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { drawAction, greedyAction, hardBackup } from './backup.js';
import { SoftBackup } from './soft-backup.js';

/** Values of two states with three actions; the tests read the second, to check that `start` is respected. */
const values = Float64Array.of(9, 9, 9, 1, 3, 2);
const other = Float64Array.of(9, 9, 9, 10, 20, 40);
const [start, count] = [3, 3];

function policy(backup: typeof hardBackup): number[] {
  const probs = new Float64Array(3);
  backup.policyInto(values, start, count, probs);
  return [...probs];
}

describe('the hard backup', () => {
  it('takes the largest value, and its action', () => {
    expect(hardBackup.value(values, start, count)).toBe(3);
    expect(policy(hardBackup)).toEqual([0, 1, 0]);
  });

  it('takes the lowest action on ties', () => {
    expect(greedyAction(Float32Array.of(0, 1, 1), 0, 3)).toBe(1);
  });

  it('double: one estimate chooses, the other evaluates', () => {
    expect(hardBackup.doubleValue(values, other, start, count)).toBe(20);
  });
});

describe('the soft backup', () => {
  const [e1, e2, e3] = [Math.exp(1 / 0.5), Math.exp(3 / 0.5), Math.exp(2 / 0.5)];
  const mass = e1 + e2 + e3;
  const entropyForm = new SoftBackup({ temperature: 0.5, actionPrior: 'none' });
  const klForm = new SoftBackup({ temperature: 0.5, actionPrior: 'uniform' });

  it('is tau log sum exp(Q / tau), less tau log |A| with a uniform prior', () => {
    expect(entropyForm.value(values, start, count)).toBeCloseTo(0.5 * Math.log(mass), 12);
    expect(klForm.value(values, start, count)).toBeCloseTo(0.5 * Math.log(mass / 3), 12);
  });

  it('has the policy exp(Q / tau) / sum in both forms', () => {
    for (const backup of [entropyForm, klForm]) {
      policy(backup).forEach((p, a) => {
        expect(p).toBeCloseTo([e1, e2, e3][a]! / mass, 12);
      });
    }
  });

  it('adds temperature times entropy, or minus temperature times the divergence from uniform', () => {
    const p = policy(entropyForm);
    const entropy = -p.reduce((sum, x) => sum + x * Math.log(x), 0);
    expect(entropyForm.bonus(values, start, count)).toBeCloseTo(0.5 * entropy, 12);
    const divergence = p.reduce((sum, x) => sum + x * Math.log(x * 3), 0);
    expect(klForm.bonus(values, start, count)).toBeCloseTo(-0.5 * divergence, 12);
  });

  it('double: policy and bonus from one estimate, values from the other', () => {
    const p = policy(klForm);
    const paid = p[0]! * 10 + p[1]! * 20 + p[2]! * 40;
    expect(klForm.doubleValue(values, other, start, count)).toBeCloseTo(
      paid + klForm.bonus(values, start, count),
      12,
    );
    expect(klForm.doubleValue(values, values, start, count)).toBeCloseTo(
      klForm.value(values, start, count),
      12,
    );
  });

  it('becomes the hard backup at small temperatures, double or not, and stays finite there', () => {
    for (const actionPrior of ['none', 'uniform'] as const) {
      const cold = new SoftBackup({ temperature: 1e-6, actionPrior });
      expect(cold.value(values, start, count)).toBeCloseTo(3, 5);
      expect(cold.doubleValue(values, other, start, count)).toBeCloseTo(20, 5);
      expect(policy(cold)).toEqual(policy(hardBackup));
      expect(cold.bonus(values, start, count)).toBeCloseTo(0, 5);
    }
  });

  it('becomes uniform at large temperatures', () => {
    const hot = new SoftBackup({ temperature: 1e6, actionPrior: 'uniform' });
    expect(hot.value(values, start, count)).toBeCloseTo(2, 5);
    for (const p of policy(hot)) expect(p).toBeCloseTo(1 / 3, 5);
  });
});

describe('a value that is not finite', () => {
  const rows = [
    [Number.NaN, 1, 2],
    [1, Number.NaN, 2],
    [1, 2, Number.NaN],
  ].map((row) => Float32Array.from(row));
  const soft = new SoftBackup({ temperature: 1, actionPrior: 'none' });

  it.each(rows)('is reported as divergence wherever it is needed: %s %s %s', (...row) => {
    const values = Float32Array.from(row);
    const needs = [
      () => greedyAction(values, 0, 3),
      () => hardBackup.value(values, 0, 3),
      () => soft.value(values, 0, 3),
      () => soft.policyInto(values, 0, 3, new Float64Array(3)),
    ];
    for (const need of needs) expect(need).toThrow(DivergenceError);
  });

  it('is reported as divergence when it is infinite, and so are probabilities computed from it', () => {
    expect(() => greedyAction(Float64Array.of(0, Infinity), 0, 2)).toThrow(
      'the value of action 1 is Infinity',
    );
    const probs = Float64Array.of(Number.NaN, 1);
    expect(() => drawAction(Rng.fromSeed(1), probs)).toThrow(/probability of action 0 is NaN/);
  });
});
