import { expect } from 'vitest';

/** Expects every entry within `tolerance` of the expected one, relative to the largest expected entry or 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs(actual[i]! - expected[i]!);
    expect(gap, `entry ${i}: ${actual[i]} instead of ${expected[i]}`).toBeLessThanOrEqual(tolerance * scale);
  }
}
