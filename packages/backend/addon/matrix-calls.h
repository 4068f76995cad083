// Products and sums of matrices, as JavaScript calls them.
#ifndef MAXENT_MATRIX_CALLS_H
#define MAXENT_MATRIX_CALLS_H

#include "blocks.h"

/** Multiply-adds that are worth another thread. */
#define PRODUCT_GRAIN (1 << 18)
/** Up to this many rows, packing B costs more than it saves; the same as in ../assembly/matrix.ts. */
#define FEW_ROWS 4

static uint64_t padded(const struct kernels *kernels, uint64_t columns) {
  const uint64_t width = (uint64_t)kernels->panel_columns;
  return (columns + width - 1) / width * width;
}

/** Floats of scratch: panels of B behind room to align them; or one row or column. */
static uint64_t scratch_size(const struct kernels *kernels, uint64_t m, uint64_t n, uint64_t k) {
  const uint64_t panels = padded(kernels, n) * k + 16;
  const uint64_t line = m > n ? m : n;
  return panels > line ? panels : line;
}

static napi_value matrix_multiply_scratch(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "matrixMultiplyScratch", 3)) return NULL;
  const int m = count_of(&c, 0), n = count_of(&c, 1), k = count_of(&c, 2);
  napi_value bytes = NULL;
  if (!c.failed) napi_create_double(env, 4 * (double)scratch_size(c.kernels, m, n, k), &bytes);
  return bytes;
}

static void multiply_packed(struct call *c, struct product *p, float *scratch) {
  // Loads of whole cache lines.
  p->panels = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  const int panels = (int)(padded(c->kernels, (uint64_t)p->n) / (uint64_t)c->kernels->panel_columns);
  const double work = (double)p->m * p->n * p->k;
  const int rows = c->kernels->tile_rows;
  if (work < 2.0 * PRODUCT_GRAIN || pool_threads(c->pool) == 1) {
    c->kernels->pack(p, 0, panels);
    c->kernels->multiply(p, 0, p->m);
    return;
  }
  const int tiles = 1 + (int)(PRODUCT_GRAIN / ((double)rows * p->n * p->k));
  const int panels_at_once = 1 + (int)(GRAIN / ((double)c->kernels->panel_columns * p->k));
  pool_run(c->pool, c->kernels->pack, p, panels, panels_at_once);
  pool_run(c->pool, c->kernels->multiply, p, p->m, rows * tiles);
}

/** One row of C, or a column: see `matrixMultiply` in ../assembly/matrix.ts. */
static void multiply_thin(struct call *c, const struct product *p, float *scratch) {
  const struct kernels *kernels = c->kernels;
  if (p->n == 1) {
    const struct thin_product thin = {
      p->a, p->b, scratch, p->transpose_a ? p->k : p->m, p->transpose_a ? p->m : p->k
    };
    if (p->transpose_a) kernels->weighted_row_sum(&thin);
    else kernels->row_dots(&thin, 0, thin.rows);
    // A column's bias is one number.
    kernels->finish(scratch, 1, p->bias, p, 0, p->m);
    return;
  }
  for (int row = 0; row < p->m; row++) {
    const struct thin_product thin = {
      p->b, p->a + (size_t)row * p->k, scratch, p->transpose_b ? p->n : p->k, p->transpose_b ? p->k : p->n
    };
    if (p->transpose_b) kernels->row_dots(&thin, 0, thin.rows);
    else kernels->weighted_row_sum(&thin);
    kernels->finish(scratch, 0, p->bias, p, row, 1);
  }
}

static napi_value matrix_multiply(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "matrixMultiply", 13)) return NULL;
  const int m = count_of(&c, 3), n = count_of(&c, 4), k = count_of(&c, 5);
  struct product p = {.m = m, .n = n, .k = k};
  p.a = block(&c, 0, m, k);
  p.b = block(&c, 1, k, n);
  p.c = block(&c, 2, m, n);
  p.transpose_a = flag(&c, 6);
  p.transpose_b = flag(&c, 7);
  p.bias = optional(&c, 8, n, 1);
  p.relu = flag(&c, 9);
  p.mask = optional(&c, 10, m, n);
  p.accumulate = flag(&c, 11);
  float *scratch = block(&c, 12, scratch_size(c.kernels, m, n, k), 1);
  if (!c.failed && m > 0 && n > 0) {
    const bool thin = n == 1 || m == 1 || (m <= FEW_ROWS && !p.transpose_a);
    if (thin) multiply_thin(&c, &p, scratch);
    else multiply_packed(&c, &p, scratch);
  }
  return undefined(&c);
}

static napi_value column_sums(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "columnSums", 4)) return NULL;
  struct column_sums p = {.rows = count_of(&c, 2), .columns = count_of(&c, 3)};
  p.matrix = block(&c, 0, p.rows, p.columns);
  p.out = block(&c, 1, p.columns, 1);
  if (!c.failed) c.kernels->column_sums(&p, 0, p.columns);
  return undefined(&c);
}

#endif
