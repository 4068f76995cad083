import { LEAST_EXPONENT, POWERS, tableExp } from './table-exp.js';

/** How many cells per unit the table of log has, for arguments from 1 to `MOST`; the remainder is at most 1 / 256. */
const CELLS = 128;
const MOST = 8;
/** 1 / x and log x at x = i / CELLS. */
export const RECIPROCALS = Float64Array.from({ length: MOST * CELLS + 2 }, (_, i) => CELLS / i);
export const LOGARITHMS = Float64Array.from({ length: MOST * CELLS + 2 }, (_, i) => Math.log(i / CELLS));

const BLOCK = 256;
const maxima = new Float64Array(BLOCK);
/** The terms of a block's rows, without the largest of each row; made anew for wider rows. */
let terms = new Float64Array(0);

/**
 * Computes out[outStart + i] = temperature log sum_j exp(values[i * width + j] / temperature) for the rows i of
 * `values`; -Infinity for a row of only -Infinity.
 *
 * This is the inner loop of soft value iteration, where Math.exp and Math.log take most of the time. The largest term
 * of each sum is exp(0), so terms only need a small absolute error: exp and log are tables with polynomials between
 * their entries, accurate to 4e-16 in log sum exp. Maxima, sums and logarithms have separate loops, so that the
 * processor can overlap neighboring rows.
 */
export function logSumExpRows(
  values: Float64Array,
  width: number,
  rowCount: number,
  temperature: number,
  out: Float64Array,
  outStart: number,
): void {
  const inverse = 1 / temperature;
  // Local copies, because V8 reads a module's variables again on every access.
  const powers = POWERS;
  const rowMaxima = maxima;
  const room = Math.min(BLOCK, rowCount) * (width - 1);
  if (terms.length < room) terms = new Float64Array(room);
  const lower = terms;
  for (let from = 0; from < rowCount; from += BLOCK) {
    const count = Math.min(BLOCK, rowCount - from);
    const start = from * width;
    const target = outStart + from;
    for (let row = 0, i = start, term = 0; row < count; row++) {
      let maximum = values[i++]!;
      // Of the largest so far and the next value, the lower one is a term of its own; the largest at the end is exp(0).
      for (let j = 1; j < width; j++) {
        const value = values[i++]!;
        if (maximum < value) {
          lower[term++] = maximum;
          maximum = value;
        } else {
          lower[term++] = value;
        }
      }
      rowMaxima[row] = maximum;
    }
    for (let row = 0, term = 0; row < count; row++) {
      const maximum = rowMaxima[row]!;
      let sum = 1;
      for (let j = 1; j < width; j++, term++) {
        // A term this far below the largest is lost in a sum of at least 1 anyway.
        sum += tableExp(powers, Math.max((lower[term]! - maximum) * inverse, LEAST_EXPONENT));
      }
      out[target + row] = sum;
    }
    for (let row = 0; row < count; row++) {
      const maximum = rowMaxima[row]!;
      // If every entry is -Infinity, the sum is NaN.
      out[target + row] =
        maximum === -Infinity ? maximum : maximum + temperature * logOfSum(out[target + row]!);
    }
  }
}

/** Returns log x for x >= 1, accurate to 3e-16. */
function logOfSum(x: number): number {
  if (!(x <= MOST)) return Math.log(x);
  const cell = (x * CELLS + 0.5) | 0;
  const r = x * RECIPROCALS[cell]! - 1;
  return LOGARITHMS[cell]! + r * (1 + r * (-1 / 2 + r * (1 / 3 + r * (-1 / 4 + r * (1 / 5 + r * (-1 / 6))))));
}
