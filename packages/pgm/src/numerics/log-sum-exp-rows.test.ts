import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logSumExp } from './log-sum-exp.js';
import { logSumExpRows } from './log-sum-exp-rows.js';

function rows(values: readonly number[], width: number, temperature = 1): Float64Array {
  const out = new Float64Array(values.length / width);
  logSumExpRows(Float64Array.from(values), width, out.length, temperature, out, 0);
  return out;
}

describe('logSumExpRows', () => {
  it('agrees with log-sum-exp to rounding, for any gap, width and temperature', () => {
    const value = fc.oneof(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.constant(-Infinity),
    );
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 40 })
          .chain((width) => fc.array(value, { minLength: width, maxLength: width })),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (values, temperature) => {
          const expected = temperature * logSumExp(Float64Array.from(values, (x) => x / temperature));
          const [actual] = rows(values, values.length, temperature);
          if (actual === expected) return;
          const size = Math.max(...values.filter(Number.isFinite).map(Math.abs));
          expect(Math.abs(actual! - expected)).toBeLessThan(2e-15 * (size + temperature));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is good to 4e-16 for two terms at any distance', () => {
    let worst = 0;
    for (let i = 0; i <= 100_000; i++) {
      const x = -i * 4e-4;
      worst = Math.max(worst, Math.abs(rows([0, x], 2)[0]! - Math.log1p(Math.exp(x))));
    }
    expect(worst).toBeLessThan(4e-16);
  });

  it('takes every row of many on its own', () => {
    const values = Array.from({ length: 1000 * 3 }, (_, i) => Math.sin(i) * (i % 7));
    values.fill(-Infinity, 300, 303);
    const out = new Float64Array(1002).fill(7);
    logSumExpRows(Float64Array.from(values), 3, 1000, 1, out, 1);
    expect([out[0], out[1001]]).toEqual([7, 7]);
    expect(out[101]).toBe(-Infinity);
    for (let row = 0; row < 1000; row++) {
      if (row === 100) continue;
      expect(out[row + 1]).toBeCloseTo(logSumExp(Float64Array.from(values.slice(3 * row, 3 * row + 3))), 14);
    }
  });

  it('is exact for a single term, and for forbidden ones next to it', () => {
    expect(rows([0.1, -7.3, 1e300], 1)).toEqual(Float64Array.of(0.1, -7.3, 1e300));
    expect(rows([-Infinity, 0.1, -Infinity, -Infinity], 4)).toEqual(Float64Array.of(0.1));
  });
});
