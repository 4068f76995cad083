/** How many columns to multiply together: as many entries of x as fit in the processor's registers. */
const PANEL = 8;

/**
 * Packs a square matrix for `multiplyPacked`: eight columns at a time, row by row, padded with columns of zeros if
 * their number is not a multiple of eight.
 */
export function packColumns(size: number, entry: (row: number, column: number) => number): Float64Array {
  const packed = new Float64Array(Math.ceil(size / PANEL) * PANEL * size);
  let e = 0;
  for (let first = 0; first < size; first += PANEL) {
    for (let row = 0; row < size; row++) {
      for (let column = first; column < first + PANEL; column++, e++) {
        if (column < size) packed[e] = entry(row, column);
      }
    }
  }
  return packed;
}

/**
 * Computes out[outOffset + i] = sum_j M[i, j] x[xOffset + j]. Eight entries of x stay in registers for all rows, and
 * the matrix is read in the order of memory. In V8 this measured 1.2 (Node 20) and 1.7 (Node 24) times as fast as
 * reading eight rows of the matrix side by side.
 */
export function multiplyPacked(
  packed: Float64Array,
  size: number,
  x: Float64Array,
  xOffset: number,
  out: Float64Array,
  outOffset: number,
): void {
  const end = xOffset + size;
  const outEnd = outOffset + size;
  out.fill(0, outOffset, outEnd);
  let e = 0;
  for (let at = xOffset; at < end; at += PANEL) {
    const x0 = x[at]!;
    const x1 = at + 1 < end ? x[at + 1]! : 0;
    const x2 = at + 2 < end ? x[at + 2]! : 0;
    const x3 = at + 3 < end ? x[at + 3]! : 0;
    const x4 = at + 4 < end ? x[at + 4]! : 0;
    const x5 = at + 5 < end ? x[at + 5]! : 0;
    const x6 = at + 6 < end ? x[at + 6]! : 0;
    const x7 = at + 7 < end ? x[at + 7]! : 0;
    for (let i = outOffset; i < outEnd; i++, e += PANEL) {
      out[i]! +=
        x0 * packed[e]! +
        x1 * packed[e + 1]! +
        (x2 * packed[e + 2]! + x3 * packed[e + 3]!) +
        (x4 * packed[e + 4]! + x5 * packed[e + 5]! + (x6 * packed[e + 6]! + x7 * packed[e + 7]!));
    }
  }
}
