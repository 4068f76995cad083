import { describe, expect, it } from 'vitest';
import { BenchmarkFailedError } from '../benchmark.js';
import { answerDifference } from './difference.js';

describe('answerDifference', () => {
  it('compares by name, as a share of our number where that is above 1', () => {
    expect(answerDifference({ a: 0.5, b: 11 }, { b: 10, a: 0.45, c: 7 })).toBeCloseTo(0.1, 12);
    expect(answerDifference({ a: 0.7 }, { a: 0.5 })).toBeCloseTo(0.2, 12);
    expect(answerDifference({ a: Number.NaN }, { a: 1 })).toBe(Infinity);
  });

  it('refuses what it cannot compare', () => {
    expect(() => answerDifference({ d: 1 }, { a: 1 })).toThrow(BenchmarkFailedError);
    expect(() => answerDifference({}, { a: 1 })).toThrow('theirs has nothing');
  });
});
