/** Replaces B, [n, columns], by L^-1 B for a lower-triangular L, [n, n], without zeros on its diagonal. */
export function solveLower(lower: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < n; i++) {
    const diagonal = lower[i * n + i]!;
    for (let c = 0; c < columns; c++) {
      let sum = b[i * columns + c]!;
      for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * b[k * columns + c]!;
      b[i * columns + c] = sum / diagonal;
    }
  }
}

/** Replaces B, [n, columns], by L'^-1 B for a lower-triangular L, [n, n], without zeros on its diagonal. */
export function solveLowerTransposed(lower: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = n - 1; i >= 0; i--) {
    const diagonal = lower[i * n + i]!;
    for (let c = 0; c < columns; c++) {
      let sum = b[i * columns + c]!;
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * b[k * columns + c]!;
      b[i * columns + c] = sum / diagonal;
    }
  }
}
