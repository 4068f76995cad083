/** Returns the block [t, t] of a matrix over all times, [T * n, T * n], or [row, column] if given. */
export function block(
  matrix: Float64Array,
  count: number,
  n: number,
  row: number,
  column = row,
): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out[i * n + j] = matrix[(row * n + i) * count * n + column * n + j]!;
  }
  return out;
}
