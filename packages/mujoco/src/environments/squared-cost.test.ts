import { describe, expect, it } from 'vitest';
import { squaredCost } from './squared-cost.js';

describe('squaredCost', () => {
  it('is the weight times the sum of squares', () => {
    expect(squaredCost(Float64Array.of(1, -2, 0.5), 0.1)).toBeCloseTo(0.525, 15);
    expect(squaredCost(Float32Array.of(1, -2, 0.5), 0.5)).toBe(2.625);
  });

  // 0.1 * numpy.sum(numpy.square(a)) for the entries below as float32, with NumPy 2.
  it.each([
    [3, 0.20000000298023224],
    [6, 0.2800000011920929],
    [8, 0.34285715222358704],
    [17, 0.637499988079071],
  ])('rounds like NumPy for %d float32 entries', (count, expected) => {
    const action = Float32Array.from({ length: count }, (_, i) => -1 + (2 * i) / (count - 1));
    expect(squaredCost(action, 0.1)).toBe(expected);
  });
});
