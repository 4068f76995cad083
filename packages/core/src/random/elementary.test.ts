import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableExp, portableLog } from './elementary.js';

/** |a - b| / |b|. */
function relativeGap(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.abs(b);
}

describe('portableExp', () => {
  it('agrees with the engine on the range that samplers use', () => {
    fc.assert(
      fc.property(fc.double({ min: -80, max: 80, noNaN: true }), (x) => {
        expect(relativeGap(portableExp(x), Math.exp(x))).toBeLessThan(1e-15);
      }),
      { seed: 1 },
    );
  });

  it.each([
    [0, 1],
    [-0, 1],
    [1, Math.E],
    [-700, Math.exp(-700)],
    [700, Math.exp(700)],
  ])('of %s is %s', (x, expected) => {
    expect(relativeGap(portableExp(x), expected)).toBeLessThan(1e-14);
  });
});

describe('portableLog', () => {
  it('agrees with the engine, near 1 too, where digits cancel', () => {
    const positive = fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true });
    const nearOne = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(positive, nearOne), (x) => {
        expect(relativeGap(portableLog(x), Math.log(x))).toBeLessThan(1e-15);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [1, 0],
    [2, Math.LN2],
    [0.5, -Math.LN2],
    [10, Math.LN10],
    [2 ** -53, -53 * Math.LN2],
    [1 - 2 ** -53, -(2 ** -53)],
  ])('of %s is %s', (x, expected) => {
    expect(relativeGap(portableLog(x), expected)).toBeLessThan(1e-15);
  });

  it('undoes portableExp', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(Math.abs(portableLog(portableExp(x)) - x)).toBeLessThan(1e-14);
      }),
      { seed: 1 },
    );
  });
});
