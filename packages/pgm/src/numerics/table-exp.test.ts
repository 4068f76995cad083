import { describe, expect, it } from 'vitest';
import { LEAST_EXPONENT, POWERS, tableExp } from './table-exp.js';

describe('tableExp', () => {
  it('is exp to about the rounding of its argument', () => {
    for (let i = 0; i <= 200_000; i++) {
      const x = (LEAST_EXPONENT * i) / 200_000;
      const error = Math.abs(tableExp(POWERS, x) / Math.exp(x) - 1);
      expect(error, `at ${x}`).toBeLessThan((2 - x) * 2 ** -52);
    }
  });

  it('is exactly 1 at 0', () => {
    expect(tableExp(POWERS, 0)).toBe(1);
  });
});
