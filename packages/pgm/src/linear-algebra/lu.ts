/**
 * Replaces a general square matrix, [n, n], by its LU factors with row pivoting: unit lower triangle below the
 * diagonal, upper triangle on and above it; `pivots`, [n], holds the row that each step was swapped with. Returns
 * false when a pivot is 0 (or NaN): how small is too small depends on the units of rows and columns.
 */
export function luFactor(matrix: Float64Array, pivots: Int32Array, n: number): boolean {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(matrix[i * n + k]!) > Math.abs(matrix[pivot * n + k]!)) pivot = i;
    }
    pivots[k] = pivot;
    swapRows(matrix, n, k, pivot);
    const diagonal = matrix[k * n + k]!;
    if (!(Math.abs(diagonal) > 0)) return false;
    for (let i = k + 1; i < n; i++) {
      const ratio = matrix[i * n + k]! / diagonal;
      matrix[i * n + k] = ratio;
      for (let j = k + 1; j < n; j++) matrix[i * n + j]! -= ratio * matrix[k * n + j]!;
    }
  }
  return true;
}

/** Replaces B, [n, columns], by A^-1 B, given what `luFactor` made of A. */
export function luSolve(
  factors: Float64Array,
  pivots: Int32Array,
  n: number,
  b: Float64Array,
  columns: number,
): void {
  for (let k = 0; k < n; k++) swapRows(b, columns, k, pivots[k]!);
  for (let i = 1; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = factors[i * n + k]!;
      for (let c = 0; c < columns; c++) b[i * columns + c]! -= factor * b[k * columns + c]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    const diagonal = factors[i * n + i]!;
    for (let c = 0; c < columns; c++) {
      let sum = b[i * columns + c]!;
      for (let k = i + 1; k < n; k++) sum -= factors[i * n + k]! * b[k * columns + c]!;
      b[i * columns + c] = sum / diagonal;
    }
  }
}

function swapRows(matrix: Float64Array, columns: number, first: number, second: number): void {
  if (first === second) return;
  for (let c = 0; c < columns; c++) {
    const held = matrix[first * columns + c]!;
    matrix[first * columns + c] = matrix[second * columns + c]!;
    matrix[second * columns + c] = held;
  }
}
