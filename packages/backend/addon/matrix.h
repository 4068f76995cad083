// Products of matrices. Every element of C is one chain of fused multiply-adds over k that starts at the bias, as in
// ../assembly/tile.ts, so that neither the tile's shape nor the vector's width shows in the numbers.
#ifndef MAXENT_MATRIX_H
#define MAXENT_MATRIX_H

#include "kernels.h"
#include "vector.h"

/** Vectors side by side in a tile: with them, one value of A loaded serves two multiply-adds. */
#define TILE_VECTORS 2
#define PANEL_COLUMNS (TILE_VECTORS * LANES)

// The sums of a tile fill the registers but for the columns of B and one value of A.
#if LANES == 16
#define TILE_ROWS 12
#elif LANES == 8
#define TILE_ROWS 6
#else
#define TILE_ROWS 8
#endif

/** The last columns of B, fewer than a panel's, with zeros up to its width. */
static void pack_partial(const struct product *p, float *panel, int column) {
  const int width = p->n - column;
  for (int k = 0; k < p->k; k++) {
    float *to = panel + (size_t)k * PANEL_COLUMNS;
    for (int i = 0; i < width; i++) {
      to[i] = p->b[p->transpose_b ? (size_t)(column + i) * p->k + k : (size_t)k * p->n + column + i];
    }
    for (int i = width; i < PANEL_COLUMNS; i++) to[i] = 0;
  }
}

/** Four columns that lie as rows of `k` values. */
INLINE void transpose_four(const float *from, float *to, int stride, int depth) {
  int k = 0;
  for (; k + 4 <= depth; k += 4) {
#if defined(__aarch64__)
    float32x4x4_t lanes;
    for (int i = 0; i < 4; i++) lanes.val[i] = vld1q_f32(from + (size_t)i * stride + k);
    float32x4x2_t ab = vtrnq_f32(lanes.val[0], lanes.val[1]), cd = vtrnq_f32(lanes.val[2], lanes.val[3]);
    float *target = to + (size_t)k * PANEL_COLUMNS;
    q_store(target, vcombine_f32(vget_low_f32(ab.val[0]), vget_low_f32(cd.val[0])));
    q_store(target + PANEL_COLUMNS, vcombine_f32(vget_low_f32(ab.val[1]), vget_low_f32(cd.val[1])));
    q_store(target + 2 * PANEL_COLUMNS, vcombine_f32(vget_high_f32(ab.val[0]), vget_high_f32(cd.val[0])));
    q_store(target + 3 * PANEL_COLUMNS, vcombine_f32(vget_high_f32(ab.val[1]), vget_high_f32(cd.val[1])));
#else
    q a = q_load(from + k), b = q_load(from + (size_t)stride + k);
    q c = q_load(from + (size_t)2 * stride + k), d = q_load(from + (size_t)3 * stride + k);
    _MM_TRANSPOSE4_PS(a, b, c, d);
    float *target = to + (size_t)k * PANEL_COLUMNS;
    q_store(target, a);
    q_store(target + PANEL_COLUMNS, b);
    q_store(target + 2 * PANEL_COLUMNS, c);
    q_store(target + 3 * PANEL_COLUMNS, d);
#endif
  }
  for (; k < depth; k++) {
    for (int i = 0; i < 4; i++) to[(size_t)k * PANEL_COLUMNS + i] = from[(size_t)i * stride + k];
  }
}

static void pack(const void *job, int from, int to) {
  const struct product *p = job;
  for (int i = from; i < to; i++) {
    int column = i * PANEL_COLUMNS;
    float *panel = p->panels + (size_t)column * p->k;
    if (column + PANEL_COLUMNS > p->n) {
      pack_partial(p, panel, column);
    } else if (p->transpose_b) {
      const float *source = p->b + (size_t)column * p->k;
      for (int lane = 0; lane < PANEL_COLUMNS; lane += 4) {
        transpose_four(source + (size_t)lane * p->k, panel + lane, p->k, p->k);
      }
    } else {
      const float *source = p->b + column;
      for (int k = 0; k < p->k; k++) {
        for (int part = 0; part < TILE_VECTORS; part++) {
          v_store(panel + (size_t)k * PANEL_COLUMNS + part * LANES, v_load(source + (size_t)k * p->n + part * LANES));
        }
      }
    }
  }
}

/** A tile of `rows` times `vectors` vectors, the last one of `last` columns. */
INLINE void multiply_tile(
  const struct product *p, int row, int column, const int rows, const int vectors, int last, const bool transpose_a
) {
  const size_t stride = transpose_a ? p->m : p->k;
  const float *a = transpose_a ? p->a + row : p->a + (size_t)row * stride;
  const float *b = p->panels + (size_t)column * p->k;
  v sums[TILE_ROWS][TILE_VECTORS];
  for (int j = 0; j < vectors; j++) {
    const float *bias = p->bias + column + j * LANES;
    v start = !p->bias ? v_splat(0) : j + 1 == vectors ? v_load_part(bias, last) : v_load(bias);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) sums[i][j] = start;
  }

  for (int k = 0; k < p->k; k++) {
    v columns[TILE_VECTORS];
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++) columns[j] = v_load(b + j * LANES);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
      v value = v_splat(transpose_a ? a[i] : a[i * stride]);
#pragma GCC unroll 4
      for (int j = 0; j < vectors; j++) sums[i][j] = v_fma(value, columns[j], sums[i][j]);
    }
    a += transpose_a ? stride : 1;
    b += PANEL_COLUMNS;
  }

#pragma GCC unroll 16
  for (int i = 0; i < rows; i++) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++) {
      const size_t at = (size_t)(row + i) * p->n + column + j * LANES;
      const bool partial = j + 1 == vectors && last < LANES;
      v value = sums[i][j];
      if (p->relu) value = v_relu(value);
      if (p->mask) value = v_keep_positive(value, partial ? v_load_part(p->mask + at, last) : v_load(p->mask + at));
      if (p->accumulate) value = (partial ? v_load_part(p->c + at, last) : v_load(p->c + at)) + value;
      if (partial) v_store_part(p->c + at, value, last);
      else v_store(p->c + at, value);
    }
  }
}

/** As above for any number of rows up to the tile's. */
INLINE void multiply_rows(
  const struct product *p, int row, int column, int rows, const int vectors, int last, const bool transpose_a
) {
  switch (rows) {
#define CASE(count) \
  case count: multiply_tile(p, row, column, count, vectors, last, transpose_a); break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if TILE_ROWS > 6
    CASE(7) CASE(8)
#endif
#if TILE_ROWS > 8
    CASE(9) CASE(10) CASE(11) CASE(12)
#endif
#undef CASE
  }
}

INLINE void multiply_columns(const struct product *p, int from, int to, int column, const int vectors, int last) {
  for (int row = from; row < to; row += TILE_ROWS) {
    int rows = to - row < TILE_ROWS ? to - row : TILE_ROWS;
    if (p->transpose_a) multiply_rows(p, row, column, rows, vectors, last, true);
    else multiply_rows(p, row, column, rows, vectors, last, false);
  }
}

static void multiply(const void *job, int from, int to) {
  const struct product *p = job;
  for (int column = 0; column < p->n; column += PANEL_COLUMNS) {
    int width = p->n - column;
    if (width >= PANEL_COLUMNS) multiply_columns(p, from, to, column, 2, LANES);
    else if (width > LANES) multiply_columns(p, from, to, column, 2, width - LANES);
    else multiply_columns(p, from, to, column, 1, width);
  }
}

#endif
