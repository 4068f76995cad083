/**
 * Returns log sum_i exp(values[i]) over start <= i < end, exact to rounding at any scale: -Infinity for a range that is
 * empty or contains only -Infinity, and Infinity for one that contains Infinity.
 */
export function logSumExp(values: Float64Array, start = 0, end = values.length): number {
  let maximum = -Infinity;
  for (let i = start; i < end; i++) if (values[i]! > maximum) maximum = values[i]!;
  // Infinity - Infinity would be NaN.
  if (maximum === -Infinity || maximum === Infinity) return maximum;
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.exp(values[i]! - maximum);
  return maximum + Math.log(sum);
}
