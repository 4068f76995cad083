import { SMALLEST_SQUARE } from './absorb-columns.js';

/**
 * Turns the first `leadingRows` rows of a matrix, [rows, columns], into lower echelon form by orthogonal
 * transformations from the right, in place, so that M M' stays what it was. Pivot p stands in row `pivotRows[p]` and
 * column p; to its right that row is 0. A leading row that depends linearly on the ones above it, to rounding, gets no
 * pivot: it holds numbers in the columns of the earlier pivots only. Returns the number of pivots.
 *
 * With M a square root of the covariance of (y, x), y first, it is Gaussian conditioning that tolerates a singular
 * covariance of y: the first columns give y and what x shares with it, the others what is left of x given y.
 */
export function echelonFactor(
  matrix: Float64Array,
  rows: number,
  columns: number,
  leadingRows: number,
  pivotRows: Int32Array,
): number {
  const tolerance = 8 * columns * Number.EPSILON;
  let rank = 0;
  for (let r = 0; r < leadingRows && rank < columns; r++) {
    const row = r * columns;
    let settled = 0;
    for (let c = 0; c < rank; c++) settled += matrix[row + c]! * matrix[row + c]!;
    let tail = 0;
    for (let c = rank + 1; c < columns; c++) tail += matrix[row + c]! * matrix[row + c]!;
    const first = matrix[row + rank]!;
    const squared = first * first + tail;
    if (squared < SMALLEST_SQUARE || squared <= tolerance * tolerance * (settled + squared)) {
      matrix.fill(0, row + rank, row + columns);
      continue;
    }
    const norm = Math.sqrt(squared);
    if (tail >= SMALLEST_SQUARE) {
      // First entry of the reflected vector minus its image, first - norm, without cancellation.
      const head = first <= 0 ? first - norm : -tail / (first + norm);
      const scale = 2 / (head * head + tail);
      for (let i = r + 1; i < rows; i++) {
        const other = i * columns;
        let product = head * matrix[other + rank]!;
        for (let c = rank + 1; c < columns; c++) product += matrix[row + c]! * matrix[other + c]!;
        product *= scale;
        matrix[other + rank]! -= product * head;
        for (let c = rank + 1; c < columns; c++) matrix[other + c]! -= product * matrix[row + c]!;
      }
      matrix[row + rank] = norm;
    }
    matrix.fill(0, row + rank + 1, row + columns);
    pivotRows[rank++] = r;
  }
  return rank;
}
