import { expect } from 'vitest';

/** Every entry within `tolerance` of the expected one, as a share of the largest expected size or of 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `entry ${i}: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  });
}
