import { describe, expect, it } from 'vitest';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { RegressionStatistics } from './regression-statistics.js';

describe('RegressionStatistics', () => {
  it('fits a line through points, and what they miss it by', () => {
    // Regressors x and 1, target y: the least-squares line through (0, 1), (1, 2), (2, 2), (3, 5) is 0.7 + 1.2 x.
    const statistics = new RegressionStatistics(2, 1);
    for (const [x, y] of [
      [0, 1],
      [1, 2],
      [2, 2],
      [3, 5],
    ]) {
      statistics.add(Float64Array.of(x!, 1, y!), 1);
    }
    const { weights, covariance } = statistics.solve()!;
    expectClose(weights, [1.2, 0.7], 1e-14);
    expectClose(covariance, [(0.3 ** 2 + 0.1 ** 2 + 1.1 ** 2 + 0.7 ** 2) / 4], 1e-14);
  });

  it('takes uncertain cases by the square root of their second moment', () => {
    // One case: x ~ N(2, 3^2), y = x / 2 + N(0, 1), so that E[x x] = 13, E[y x] = 6.5, E[y y] = 4.25.
    const statistics = new RegressionStatistics(1, 1);
    statistics.add(Float64Array.of(2, 3, 0, 1, 1.5, 1), 3);
    const { weights, covariance } = statistics.solve()!;
    expectClose(weights, [0.5], 1e-15);
    expectClose(covariance, [1], 1e-15);
  });

  it('gives no weight to a regressor that repeats another', () => {
    const statistics = new RegressionStatistics(3, 1);
    for (let i = 0; i < 6; i++) {
      const x = Math.cos(i);
      const z = Math.sin(3 * i);
      statistics.add(Float64Array.of(x, 2 * x, z, 4 * x - z), 1);
    }
    const { weights, covariance } = statistics.solve()!;
    expectClose(weights, [4, 0, -1], 1e-13);
    expectClose(covariance, [0], 1e-13);
  });

  it('has no answer without cases', () => {
    expect(new RegressionStatistics(1, 1).solve()).toBeNull();
  });
});
