// One tile of a matrix product: a few rows times 8 columns, summed over `depth` steps in registers.
//
// The engine's register allocator decides how tall a tile may be: V8 keeps 15 vector registers. With separate
// multiply and add it moves all loads of a loop body to its front, so 4 rows + 2 column vectors + 8 sums fit
// and 6 rows do not; with fused multiply-add 12 sums + 2 column vectors + 1 row value fit. Unrolling the loop
// makes both slower for the same reason. V8 itself unrolls deeply nested loops more, so the tiles are inlined
// into the loops over them: 37 GFLOP/s became 42 (simd128, V8 11.3), 53 became 54 (relaxed SIMD, V8 13.6).
import { at, loadUpTo4, multiplyAdd, storeUpTo4 } from './vector';

/** Rows of a tile. */
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
/** Columns of a tile. */
export const TILE_COLUMNS: i32 = 8;

/**
 * C = mask(relu(A B + bias)), added to C if `accumulate`; a `relu` or `mask` of 0 leaves that step out.
 *
 * `rows` and `columns` are packed panels; C and `mask` have `stride` bytes from row to row; `bias` is 8 values, zeros
 * for none (a zero vector made here would occupy a register throughout the loop). A value is kept where `mask` is
 * positive and becomes 0 elsewhere: that multiplies by the derivative of relu, given relu's output as the mask.
 */
// @ts-ignore: decorator
@inline
export function multiplyTile(
  rows: usize, columns: usize, depth: i32, c: usize, stride: usize,
  bias: usize, relu: bool, mask: usize, accumulate: bool,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    multiplyTile6x8(rows, columns, depth, c, stride, bias, relu, mask, accumulate);
  } else {
    multiplyTile4x8(rows, columns, depth, c, stride, bias, relu, mask, accumulate);
  }
}

// @ts-ignore: decorator
@inline
function keepPositive(value: v128, mask: usize): v128 {
  return v128.and(value, f32x4.gt(v128.load(mask), f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function multiplyTile4x8(
  rows: usize, columns: usize, depth: i32, c: usize, stride: usize,
  bias: usize, relu: bool, mask: usize, accumulate: bool,
): void {
  const left = v128.load(bias);
  const right = v128.load(bias, 16);
  let c00 = left, c01 = right;
  let c10 = left, c11 = right;
  let c20 = left, c21 = right;
  let c30 = left, c31 = right;

  for (let k = depth; k > 0; k--) {
    const b0 = v128.load(columns);
    const b1 = v128.load(columns, 16);
    const a0 = v128.load32_splat(rows);
    c00 = multiplyAdd(c00, a0, b0);
    c01 = multiplyAdd(c01, a0, b1);
    const a1 = v128.load32_splat(rows, 4);
    c10 = multiplyAdd(c10, a1, b0);
    c11 = multiplyAdd(c11, a1, b1);
    const a2 = v128.load32_splat(rows, 8);
    c20 = multiplyAdd(c20, a2, b0);
    c21 = multiplyAdd(c21, a2, b1);
    const a3 = v128.load32_splat(rows, 12);
    c30 = multiplyAdd(c30, a3, b0);
    c31 = multiplyAdd(c31, a3, b1);
    columns += 32;
    rows += 16;
  }

  const row1 = c + stride, row2 = row1 + stride, row3 = row2 + stride;
  if (relu) {
    const zero = f32x4.splat(0);
    c00 = f32x4.max(c00, zero), c01 = f32x4.max(c01, zero);
    c10 = f32x4.max(c10, zero), c11 = f32x4.max(c11, zero);
    c20 = f32x4.max(c20, zero), c21 = f32x4.max(c21, zero);
    c30 = f32x4.max(c30, zero), c31 = f32x4.max(c31, zero);
  }
  if (mask) {
    const mask1 = mask + stride, mask2 = mask1 + stride, mask3 = mask2 + stride;
    c00 = keepPositive(c00, mask), c01 = keepPositive(c01, mask + 16);
    c10 = keepPositive(c10, mask1), c11 = keepPositive(c11, mask1 + 16);
    c20 = keepPositive(c20, mask2), c21 = keepPositive(c21, mask2 + 16);
    c30 = keepPositive(c30, mask3), c31 = keepPositive(c31, mask3 + 16);
  }
  if (accumulate) {
    c00 = f32x4.add(v128.load(c), c00), c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(v128.load(row1), c10), c11 = f32x4.add(v128.load(row1, 16), c11);
    c20 = f32x4.add(v128.load(row2), c20), c21 = f32x4.add(v128.load(row2, 16), c21);
    c30 = f32x4.add(v128.load(row3), c30), c31 = f32x4.add(v128.load(row3, 16), c31);
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(row1, c10), v128.store(row1, c11, 16);
  v128.store(row2, c20), v128.store(row2, c21, 16);
  v128.store(row3, c30), v128.store(row3, c31, 16);
}

// @ts-ignore: decorator
@inline
function multiplyTile6x8(
  rows: usize, columns: usize, depth: i32, c: usize, stride: usize,
  bias: usize, relu: bool, mask: usize, accumulate: bool,
): void {
  const left = v128.load(bias);
  const right = v128.load(bias, 16);
  let c00 = left, c01 = right;
  let c10 = left, c11 = right;
  let c20 = left, c21 = right;
  let c30 = left, c31 = right;
  let c40 = left, c41 = right;
  let c50 = left, c51 = right;

  for (let k = depth; k > 0; k--) {
    const b0 = v128.load(columns);
    const b1 = v128.load(columns, 16);
    const a0 = v128.load32_splat(rows);
    c00 = multiplyAdd(c00, a0, b0);
    c01 = multiplyAdd(c01, a0, b1);
    const a1 = v128.load32_splat(rows, 4);
    c10 = multiplyAdd(c10, a1, b0);
    c11 = multiplyAdd(c11, a1, b1);
    const a2 = v128.load32_splat(rows, 8);
    c20 = multiplyAdd(c20, a2, b0);
    c21 = multiplyAdd(c21, a2, b1);
    const a3 = v128.load32_splat(rows, 12);
    c30 = multiplyAdd(c30, a3, b0);
    c31 = multiplyAdd(c31, a3, b1);
    const a4 = v128.load32_splat(rows, 16);
    c40 = multiplyAdd(c40, a4, b0);
    c41 = multiplyAdd(c41, a4, b1);
    const a5 = v128.load32_splat(rows, 20);
    c50 = multiplyAdd(c50, a5, b0);
    c51 = multiplyAdd(c51, a5, b1);
    columns += 32;
    rows += 24;
  }

  const row1 = c + stride, row2 = row1 + stride, row3 = row2 + stride, row4 = row3 + stride, row5 = row4 + stride;
  if (relu) {
    const zero = f32x4.splat(0);
    c00 = f32x4.max(c00, zero), c01 = f32x4.max(c01, zero);
    c10 = f32x4.max(c10, zero), c11 = f32x4.max(c11, zero);
    c20 = f32x4.max(c20, zero), c21 = f32x4.max(c21, zero);
    c30 = f32x4.max(c30, zero), c31 = f32x4.max(c31, zero);
    c40 = f32x4.max(c40, zero), c41 = f32x4.max(c41, zero);
    c50 = f32x4.max(c50, zero), c51 = f32x4.max(c51, zero);
  }
  if (mask) {
    const mask1 = mask + stride, mask2 = mask1 + stride, mask3 = mask2 + stride;
    const mask4 = mask3 + stride, mask5 = mask4 + stride;
    c00 = keepPositive(c00, mask), c01 = keepPositive(c01, mask + 16);
    c10 = keepPositive(c10, mask1), c11 = keepPositive(c11, mask1 + 16);
    c20 = keepPositive(c20, mask2), c21 = keepPositive(c21, mask2 + 16);
    c30 = keepPositive(c30, mask3), c31 = keepPositive(c31, mask3 + 16);
    c40 = keepPositive(c40, mask4), c41 = keepPositive(c41, mask4 + 16);
    c50 = keepPositive(c50, mask5), c51 = keepPositive(c51, mask5 + 16);
  }
  if (accumulate) {
    c00 = f32x4.add(v128.load(c), c00), c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(v128.load(row1), c10), c11 = f32x4.add(v128.load(row1, 16), c11);
    c20 = f32x4.add(v128.load(row2), c20), c21 = f32x4.add(v128.load(row2, 16), c21);
    c30 = f32x4.add(v128.load(row3), c30), c31 = f32x4.add(v128.load(row3, 16), c31);
    c40 = f32x4.add(v128.load(row4), c40), c41 = f32x4.add(v128.load(row4, 16), c41);
    c50 = f32x4.add(v128.load(row5), c50), c51 = f32x4.add(v128.load(row5, 16), c51);
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(row1, c10), v128.store(row1, c11, 16);
  v128.store(row2, c20), v128.store(row2, c21, 16);
  v128.store(row3, c30), v128.store(row3, c31, 16);
  v128.store(row4, c40), v128.store(row4, c41, 16);
  v128.store(row5, c50), v128.store(row5, c51, 16);
}

/**
 * C (+)= mask(relu(block + bias)) for a block of any size, such as an edge that does not fill a tile.
 * `block` has `blockStride` bytes from row to row, C and `mask` have `stride`; `bias` is one row.
 */
export function finishBlock(
  block: usize, blockStride: usize, rows: i32, columns: i32, c: usize, stride: usize,
  bias: usize, relu: bool, mask: usize, accumulate: bool,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += 4) {
      const lanes = columns - column;
      const offset = at(column);
      let value = loadUpTo4(block + offset, lanes);
      if (bias) value = f32x4.add(value, loadUpTo4(bias + offset, lanes));
      if (relu) value = f32x4.max(value, f32x4.splat(0));
      if (mask) value = v128.and(value, f32x4.gt(loadUpTo4(mask + offset, lanes), f32x4.splat(0)));
      if (accumulate) value = f32x4.add(loadUpTo4(c + offset, lanes), value);
      storeUpTo4(c + offset, value, lanes);
    }
    block += blockStride;
    c += stride;
    if (mask) mask += stride;
  }
}
