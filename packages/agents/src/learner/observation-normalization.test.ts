import { Rng, SnapshotMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { ObservationNormalization } from './observation-normalization.js';

/** Mean and population variance by two passes, with mass 0.0001 at -1 and 1 in equal parts. */
function twoPass(values: readonly number[]): { mean: number; variance: number } {
  const total = values.length + 1e-4;
  const mean = values.reduce((sum, value) => sum + value, 0) / total;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) + 1e-4 * (1 + mean ** 2);
  return { mean, variance: squares / total };
}

describe('ObservationNormalization', () => {
  it('scales by the mean and variance of the observations it counted', () => {
    const rng = Rng.fromSeed(1);
    const rows = Array.from({ length: 500 }, () => [1000 + 3 * rng.normal(), 1e-3 * rng.normal()]);
    const normalization = new ObservationNormalization(2);
    for (const row of rows) normalization.count(row);
    const expected = [0, 1].map((i) => twoPass(rows.map((row) => row[i]!)));
    expected.forEach(({ mean, variance }, i) => {
      expect(normalization.mean[i]! / mean).toBeCloseTo(1, 9);
      expect(normalization.std[i]! / Math.sqrt(variance + 1e-8)).toBeCloseTo(1, 9);
    });
    const values = Float32Array.of(1003, 0.002, 998, -0.001);
    normalization.apply(values);
    [1003, 0.002, 998, -0.001].forEach((value, k) => {
      const { mean, variance } = expected[k % 2]!;
      expect(values[k]).toBeCloseTo((Math.fround(value) - mean) / Math.sqrt(variance + 1e-8), 4);
    });
  });

  it('counts no more once it is held, but still loads', () => {
    const [held, other] = [new ObservationNormalization(1), new ObservationNormalization(1)];
    held.count([4]);
    const { mean } = held;
    held.hold();
    held.count([100]);
    expect(held.mean).toEqual(mean);
    other.count([7]);
    held.load(other.save());
    expect(held.mean).toEqual(other.mean);
  });

  it('changes nothing before anything was counted', () => {
    const values = Float32Array.of(0.25, -3);
    new ObservationNormalization(2).apply(values);
    expect(values[0]).toBeCloseTo(0.25, 6);
    expect(values[1]).toBeCloseTo(-3, 6);
  });

  it('bounds an entry that never changed until now', () => {
    const normalization = new ObservationNormalization(1);
    for (let i = 0; i < 1e4; i++) normalization.count([5]);
    const values = Float32Array.of(5, 6, -6);
    normalization.apply(values);
    expect(Math.abs(values[0]!)).toBeLessThan(0.1);
    expect([values[1], values[2]]).toEqual([10, -10]);
  });

  it('is copied as it is, and goes on from what it saved', () => {
    const normalization = new ObservationNormalization(1);
    normalization.count([4]);
    const copy = normalization.copy();
    const { mean } = copy;
    normalization.count([8]);
    expect(copy.mean).toEqual(mean);
    expect(normalization.mean).not.toEqual(mean);
    const other = new ObservationNormalization(1);
    other.load(normalization.save());
    expect(other.save()).toEqual(normalization.save());
    expect(() => new ObservationNormalization(2).load(normalization.save())).toThrow(SnapshotMismatchError);
  });
});
