import { describe, expect, it } from 'vitest';
import { SnapshotMismatchError } from './errors.js';
import { RunningStatistics } from './running-statistics.js';

describe('RunningStatistics', () => {
  it('has the mean and the population variance of what it saw', () => {
    const statistics = new RunningStatistics(2);
    const rows = [
      [1, -4],
      [3, 10],
      [8, 0],
      [0, 6],
    ];
    for (const row of rows) statistics.update(row);
    // Up to the 0.0001 vectors that it starts with.
    expect(statistics.mean[0]).toBeCloseTo(3, 3);
    expect(statistics.mean[1]).toBeCloseTo(3, 3);
    expect(statistics.variance[0]).toBeCloseTo(9.5, 3);
    expect(statistics.variance[1]).toBeCloseTo(29, 2);
    expect(statistics.count).toBe(4);
  });

  it('stays exact far from zero', () => {
    const statistics = new RunningStatistics(1);
    // Without the 0.0001 vectors at 0, which weigh more the farther the others are.
    statistics.load({
      arrays: {
        mean: { shape: [1], data: Float64Array.of(1e9) },
        variance: { shape: [1], data: Float64Array.of(0) },
      },
      metadata: { weight: 1 },
    });
    for (let i = 1; i < 1000; i++) statistics.update([1e9 + (i % 2)]);
    expect(statistics.variance[0]).toBeCloseTo(0.25, 6);
  });

  it('is the two-pass mean and variance of a thousand vectors and its first 0.0001', () => {
    const statistics = new RunningStatistics(1);
    const values = Array.from({ length: 1000 }, (_, i) => 50 + Math.sin(i * i) * (i % 7));
    for (const value of values) statistics.update([value]);
    // As if mass 0.0001 lay at -1 and 1 in equal parts: mean 0, variance 1.
    const total = values.length + 1e-4;
    const mean = values.reduce((sum, value) => sum + value, 0) / total;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) + 1e-4 * (1 + mean ** 2);
    expect(statistics.mean[0]).toBeCloseTo(mean, 11);
    expect(statistics.variance[0]).toBeCloseTo(squares / total, 11);
  });

  it('goes on from what it saved, and refuses what is none of its own unchanged', () => {
    const statistics = new RunningStatistics(2);
    statistics.update([1, 2]);
    const saved = statistics.save();
    const other = new RunningStatistics(2);
    other.load(saved);
    for (const each of [statistics, other]) each.update([-3, 5]);
    expect(other.save()).toEqual(statistics.save());
    const before = other.save();
    for (const wrong of [
      new RunningStatistics(3).save(),
      { ...saved, metadata: {} },
      { ...saved, metadata: { weight: -1 } },
      { arrays: { mean: saved.arrays.mean! }, metadata: saved.metadata },
    ]) {
      expect(() => other.load(wrong)).toThrow(SnapshotMismatchError);
    }
    expect(other.save()).toEqual(before);
  });
});
