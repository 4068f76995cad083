import { describe, expect, it } from 'vitest';
import { multiply, multiplyTransposed, product, transposedMultiply } from './multiply.js';

// Three different sizes, so that swapped ones cannot pass.
const a = Float64Array.of(1, 2, 3, 4, 5, 6); // [2, 3]
const aTransposed = Float64Array.of(1, 4, 2, 5, 3, 6); // [3, 2]
const b = Float64Array.of(1, 0, 2, 0, -1, 1, 0, 3, 2, 1, 1, 0); // [3, 4]
const bTransposed = Float64Array.of(1, -1, 2, 0, 1, 1, 2, 0, 1, 0, 3, 0); // [4, 3]
const expected = [5, 5, 5, 6, 11, 11, 14, 15]; // [2, 4]

describe('matrix products', () => {
  it.each([
    ['A B', multiply, a, b],
    ["A B'", multiplyTransposed, a, bTransposed],
    ["A' B", transposedMultiply, aTransposed, b],
  ] as const)('%s', (_name, kernel, left, right) => {
    const out = new Float64Array(8).fill(99);
    kernel(out, left, right, 2, 3, 4);
    expect(Array.from(out)).toEqual(expected);
  });

  it('A B in a new array', () => {
    expect(Array.from(product(a, b, 2, 3, 4))).toEqual(expected);
  });
});
