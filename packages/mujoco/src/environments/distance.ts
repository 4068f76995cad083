/**
 * Returns the distance between points `a` and `b` (numbers of bodies or sites) in an array of positions, [point][3].
 */
export function distanceBetween(positions: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let axis = 0; axis < 3; axis++) sum += (positions[3 * a + axis]! - positions[3 * b + axis]!) ** 2;
  return Math.sqrt(sum);
}
