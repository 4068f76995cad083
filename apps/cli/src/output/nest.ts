/** The rows of a flat matrix. */
export function nestRows(flat: Float64Array, columns: number): number[][] {
  return Array.from({ length: flat.length / columns }, (_, row) =>
    Array.from(flat.subarray(row * columns, (row + 1) * columns)),
  );
}

/** The rows of each of the matrices that lie one after the other in `flat`. */
export function nestMatrices(flat: Float64Array, rows: number, columns: number): number[][][] {
  const size = rows * columns;
  return Array.from({ length: flat.length / size }, (_, index) =>
    nestRows(flat.subarray(index * size, (index + 1) * size), columns),
  );
}

/** Nested arrays of any shape, row-major. */
export type Nested = number | Nested[];

export function nest(flat: Float64Array, shape: readonly number[]): Nested {
  const [size, ...rest] = shape;
  if (size === undefined) return flat[0]!;
  const stride = flat.length / size;
  return Array.from({ length: size }, (_, i) => nest(flat.subarray(i * stride, (i + 1) * stride), rest));
}
