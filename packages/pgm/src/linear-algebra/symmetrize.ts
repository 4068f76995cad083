/** Replaces a square matrix by (A + A') / 2, which removes the asymmetry that rounding leaves. */
export function symmetrize(matrix: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (matrix[i * n + j]! + matrix[j * n + i]!);
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
}
