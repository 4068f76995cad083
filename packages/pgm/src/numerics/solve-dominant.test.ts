import { describe, expect, it } from 'vitest';
import { solveDominant } from './solve-dominant.js';

describe('a diagonally dominant M-matrix', () => {
  // A = [[2^-50 + 1, -1], [-1/2, 1/2 + 2^-50]], whose determinant is 2^-49 - 2^-51 + 2^-100.
  const tiny = 2 ** -50;
  const offDiagonal = () => Float64Array.of(7, 1, 0.5, 7);
  const slack = () => Float64Array.of(tiny, tiny);
  const determinant = 1.5 * tiny + tiny * tiny;

  it('is solved to full precision where it is all but singular', () => {
    const x = solveDominant(offDiagonal(), slack(), Float64Array.of(1, 0), false)!;
    expect(x[0]! / ((0.5 + tiny) / determinant)).toBeCloseTo(1, 15);
    expect(x[1]! / (0.5 / determinant)).toBeCloseTo(1, 15);
  });

  it('is solved transposed', () => {
    const x = solveDominant(offDiagonal(), slack(), Float64Array.of(1, 0), true)!;
    expect(x[0]! / ((0.5 + tiny) / determinant)).toBeCloseTo(1, 15);
    expect(x[1]! / (1 / determinant)).toBeCloseTo(1, 15);
  });

  it('has no solution where nothing is slack', () => {
    expect(solveDominant(offDiagonal(), new Float64Array(2), Float64Array.of(1, 0), false)).toBeNull();
  });
});
