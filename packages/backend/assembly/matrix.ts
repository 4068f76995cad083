// C = A B for row-major float32 matrices, either of them transposed, then bias, relu and mask as in a layer.
import { packPanels } from './pack';
import { finishBlock, multiplyTile, TILE_COLUMNS, TILE_ROWS } from './tile';
import { at, multiplyAdd, sumLanes } from './vector';

/** Up to this many rows, packing B costs more than it saves. */
const FEW_ROWS: i32 = 4;

/** How many bytes of scratch memory `matrixMultiply` needs. */
export function matrixMultiplyScratch(m: i32, n: i32, k: i32): usize {
  const rows = m + TILE_ROWS;
  const columns = n + TILE_COLUMNS;
  const panels = at(rows * k) + at(columns * k);
  return at(TILE_ROWS * TILE_COLUMNS + TILE_COLUMNS) + max(panels, max(at(m), at(n)));
}

/**
 * C = mask(relu(A B + bias)), added to C if `accumulate`; an argument of 0 leaves its step out.
 *
 * A is m x k (stored k x m if `transposeA`), B is k x n (stored n x k if `transposeB`), C and `mask` m x n, `bias` n.
 * `mask` keeps values where it is positive and clears the others.
 */
export function matrixMultiply(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32, transposeA: bool, transposeB: bool,
  bias: usize, relu: bool, mask: usize, accumulate: bool, scratch: usize,
): void {
  if (n == 1) {
    if (transposeA) weightedRowSum(a, b, scratch, k, m);
    else rowDots(a, b, scratch, m, k);
    // A column's bias is one number; as `finishBlock` sees it, one row of one column each.
    finishBlock(scratch, 4, m, 1, c, 4, bias, relu, mask, accumulate);
  } else if (m == 1 || (m <= FEW_ROWS && !transposeA)) {
    for (let row = 0; row < m; row++) {
      if (transposeB) rowDots(b, a, scratch, n, k);
      else weightedRowSum(b, a, scratch, k, n);
      finishBlock(scratch, 0, 1, n, c, 0, bias, relu, mask, accumulate);
      a += at(k);
      c += at(n);
      if (mask) mask += at(n);
    }
  } else {
    multiplyPacked(a, b, c, m, n, k, transposeA, transposeB, bias, relu, mask, accumulate, scratch);
  }
}

function multiplyPacked(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32, transposeA: bool, transposeB: bool,
  bias: usize, relu: bool, mask: usize, accumulate: bool, scratch: usize,
): void {
  const block = scratch;
  const paddedBias = block + at(TILE_ROWS * TILE_COLUMNS);
  const columnPanels = paddedBias + at(TILE_COLUMNS);
  const rowPanels = columnPanels + at((n + TILE_COLUMNS) * k);
  memory.fill(paddedBias, 0, at(TILE_COLUMNS));
  packPanels(b, columnPanels, n, k, TILE_COLUMNS, !transposeB);
  packPanels(a, rowPanels, m, k, TILE_ROWS, transposeA);

  const stride = at(n);
  for (let column = 0; column < n; column += TILE_COLUMNS) {
    const columns = columnPanels + at(column * k);
    const width = min(TILE_COLUMNS, n - column);
    let tileBias = paddedBias;
    if (bias && width == TILE_COLUMNS) tileBias = bias + at(column);
    else if (bias) memory.copy(paddedBias, bias + at(column), at(width));
    for (let row = 0; row < m; row += TILE_ROWS) {
      const rows = rowPanels + at(row * k);
      const height = min(TILE_ROWS, m - row);
      const offset = at(row * n + column);
      const tileMask = mask ? mask + offset : 0;
      const whole = height == TILE_ROWS && width == TILE_COLUMNS;
      multiplyTile(
        rows, columns, k, whole ? c + offset : block, whole ? stride : at(TILE_COLUMNS),
        tileBias, relu, whole ? tileMask : 0, whole && accumulate,
      );
      if (!whole) {
        finishBlock(block, at(TILE_COLUMNS), height, width, c + offset, stride, 0, false, tileMask, accumulate);
      }
    }
  }
}

/** out[i] = sum_j matrix[i, j] vector[j]. */
function rowDots(matrix: usize, vector: usize, out: usize, rows: i32, columns: i32): void {
  const stride = at(columns);
  let row = rows;
  for (; row >= 4; row -= 4) {
    const m0 = matrix, m1 = m0 + stride, m2 = m1 + stride, m3 = m2 + stride;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      const offset = at(column);
      const v = v128.load(vector + offset);
      s0 = multiplyAdd(s0, v128.load(m0 + offset), v);
      s1 = multiplyAdd(s1, v128.load(m1 + offset), v);
      s2 = multiplyAdd(s2, v128.load(m2 + offset), v);
      s3 = multiplyAdd(s3, v128.load(m3 + offset), v);
    }
    let d0 = sumLanes(s0), d1 = sumLanes(s1), d2 = sumLanes(s2), d3 = sumLanes(s3);
    for (; column < columns; column++) {
      const offset = at(column);
      const v = load<f32>(vector + offset);
      d0 += load<f32>(m0 + offset) * v;
      d1 += load<f32>(m1 + offset) * v;
      d2 += load<f32>(m2 + offset) * v;
      d3 += load<f32>(m3 + offset) * v;
    }
    store<f32>(out, d0);
    store<f32>(out, d1, 4);
    store<f32>(out, d2, 8);
    store<f32>(out, d3, 12);
    out += 16;
    matrix = m3 + stride;
  }
  for (; row > 0; row--) {
    let sum = f32x4.splat(0);
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      const offset = at(column);
      sum = multiplyAdd(sum, v128.load(matrix + offset), v128.load(vector + offset));
    }
    let dot = sumLanes(sum);
    for (; column < columns; column++) dot += load<f32>(matrix + at(column)) * load<f32>(vector + at(column));
    store<f32>(out, dot);
    out += 4;
    matrix += stride;
  }
}

/** out[j] = sum_i weights[i] matrix[i, j]. */
function weightedRowSum(matrix: usize, weights: usize, out: usize, rows: i32, columns: i32): void {
  const stride = at(columns);
  let column = 0;
  for (; column + 16 <= columns; column += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let m = matrix + at(column);
    for (let row = 0; row < rows; row++) {
      const w = v128.load32_splat(weights + at(row));
      s0 = multiplyAdd(s0, w, v128.load(m));
      s1 = multiplyAdd(s1, w, v128.load(m, 16));
      s2 = multiplyAdd(s2, w, v128.load(m, 32));
      s3 = multiplyAdd(s3, w, v128.load(m, 48));
      m += stride;
    }
    const o = out + at(column);
    v128.store(o, s0);
    v128.store(o, s1, 16);
    v128.store(o, s2, 32);
    v128.store(o, s3, 48);
  }
  for (; column + 4 <= columns; column += 4) {
    let sum = f32x4.splat(0);
    let m = matrix + at(column);
    for (let row = 0; row < rows; row++) {
      sum = multiplyAdd(sum, v128.load32_splat(weights + at(row)), v128.load(m));
      m += stride;
    }
    v128.store(out + at(column), sum);
  }
  for (; column < columns; column++) {
    let sum: f32 = 0;
    let m = matrix + at(column);
    for (let row = 0; row < rows; row++) {
      sum += load<f32>(weights + at(row)) * load<f32>(m);
      m += stride;
    }
    store<f32>(out + at(column), sum);
  }
}

/** out[j] = sum_i matrix[i, j]. */
export function columnSums(matrix: usize, out: usize, rows: i32, columns: i32): void {
  const stride = at(columns);
  let column = 0;
  for (; column + 16 <= columns; column += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let m = matrix + at(column);
    for (let row = 0; row < rows; row++) {
      s0 = f32x4.add(s0, v128.load(m));
      s1 = f32x4.add(s1, v128.load(m, 16));
      s2 = f32x4.add(s2, v128.load(m, 32));
      s3 = f32x4.add(s3, v128.load(m, 48));
      m += stride;
    }
    const o = out + at(column);
    v128.store(o, s0);
    v128.store(o, s1, 16);
    v128.store(o, s2, 32);
    v128.store(o, s3, 48);
  }
  for (; column < columns; column++) {
    let sum: f32 = 0;
    let m = matrix + at(column);
    for (let row = 0; row < rows; row++) {
      sum += load<f32>(m);
      m += stride;
    }
    store<f32>(out + at(column), sum);
  }
}
