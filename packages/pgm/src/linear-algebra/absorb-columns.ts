/**
 * The smallest number with full precision, 2^-1022. Squares below it are rounding errors, such as what remains of the
 * dependent rows of a low-rank matrix, each smaller than the one before; dividing by them would overflow.
 */
export const SMALLEST_SQUARE = 2 ** -1022;

/**
 * Replaces the lower-triangular factor L of a covariance L L' by the factor of L L' + B B', without ever forming either
 * product: Householder reflections from the right turn [L B] into [L* 0], so that the sum cannot lose symmetry or
 * positive semidefiniteness. The diagonal of L* is not negative. L is [n, n]; B is [n, count] and is overwritten. With
 * L = 0 it is the triangular factor of B B' alone (an LQ decomposition, that is QR of B').
 */
export function absorbColumns(lower: Float64Array, n: number, columns: Float64Array, count: number): void {
  for (let k = 0; k < n; k++) {
    const row = k * count;
    let tail = 0;
    for (let c = 0; c < count; c++) tail += columns[row + c]! * columns[row + c]!;
    if (tail < SMALLEST_SQUARE) continue;
    const diagonal = lower[k * n + k]!;
    const norm = Math.sqrt(diagonal * diagonal + tail);
    // First entry of the reflected vector minus its image, diagonal - norm, without cancellation.
    const head = diagonal <= 0 ? diagonal - norm : -tail / (diagonal + norm);
    const scale = 2 / (head * head + tail);
    lower[k * n + k] = norm;
    for (let i = k + 1; i < n; i++) {
      const other = i * count;
      let product = head * lower[i * n + k]!;
      for (let c = 0; c < count; c++) product += columns[row + c]! * columns[other + c]!;
      product *= scale;
      lower[i * n + k]! -= product * head;
      for (let c = 0; c < count; c++) columns[other + c]! -= product * columns[row + c]!;
    }
  }
}
