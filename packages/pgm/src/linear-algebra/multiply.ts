/** Computes out = A B; A is [rows, inner], B is [inner, columns]. `out` is neither A nor B. */
export function multiply(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[i * inner + k]! * b[k * columns + j]!;
      out[i * columns + j] = sum;
    }
  }
}

/** Computes out = A B'; A is [rows, inner], B is [columns, inner]. `out` is neither A nor B. */
export function multiplyTransposed(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[i * inner + k]! * b[j * inner + k]!;
      out[i * columns + j] = sum;
    }
  }
}

/** Computes out = A' B; A is [inner, rows], B is [inner, columns]. `out` is neither A nor B. */
export function transposedMultiply(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[k * rows + i]! * b[k * columns + j]!;
      out[i * columns + j] = sum;
    }
  }
}

/** Returns A B in a new array; A is [rows, inner], B is [inner, columns]. */
export function product(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  multiply(out, a, b, rows, inner, columns);
  return out;
}
