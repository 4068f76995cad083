import { describe, expect, it } from 'vitest';
import { logSumExp } from './log-sum-exp.js';

describe('logSumExp', () => {
  it.each([
    [[0, 0], Math.LN2],
    [[1e4, 1e4 + Math.log(3)], 1e4 + Math.log(4)],
    [[-1e4, -Infinity], -1e4],
    [[-Infinity, -Infinity], -Infinity],
    [[3, Infinity], Infinity],
    [[], -Infinity],
  ])('of %j is %d', (values, expected) => {
    const actual = logSumExp(Float64Array.from(values));
    if (Number.isFinite(expected)) expect(actual).toBeCloseTo(expected, 11);
    else expect(actual).toBe(expected);
  });

  it('reads only the range asked for', () => {
    expect(logSumExp(Float64Array.of(99, 1, 1, 99), 1, 3)).toBeCloseTo(1 + Math.LN2, 14);
  });
});
