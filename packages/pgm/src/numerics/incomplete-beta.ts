/** Terms after which the continued fraction is given up; it takes about the square root of the larger parameter. */
const MOST_TERMS = 10_000;
/** Stands in for a zero in a denominator (Lentz's method). */
const TINY = 1e-300;

/**
 * Returns I_x(a, b), the distribution function of Beta(a, b), for 0 <= x <= 1 given by the logarithms of x and 1 - x,
 * which may be too small for x or 1 - x themselves; `logBeta` is log B(a, b). By its continued fraction (DLMF 8.17.22),
 * on the side where that converges fast; the error is about 1e-14.
 */
export function incompleteBeta(logX: number, logRest: number, a: number, b: number, logBeta: number): number {
  const power = Math.exp(a * logX + b * logRest - logBeta);
  if (power === 0) return Math.exp(logX) * (a + b + 2) < a + 1 ? 0 : 1;
  return Math.exp(logX) * (a + b + 2) < a + 1
    ? (power * continuedFraction(Math.exp(logX), a, b)) / a
    : 1 - (power * continuedFraction(Math.exp(logRest), b, a)) / b;
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
