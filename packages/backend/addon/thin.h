// Products with one row or one column, and sums of columns, in the order of ../assembly/matrix.ts.
#ifndef MAXENT_THIN_H
#define MAXENT_THIN_H

#include "kernels.h"
#include "vector.h"

/** One dot product: four partial sums, then what is left, rounded after each multiplication. */
INLINE float dot_of(const float *a, const float *b, int count) {
  q sum = q_splat(0);
  int i = 0;
  for (; i + 4 <= count; i += 4) sum = q_fma(q_load(a + i), q_load(b + i), sum);
  float total = q_sum(sum);
  for (; i < count; i++) total += a[i] * b[i];
  return total;
}

static void row_dots(const void *job, int from, int to) {
  const struct thin_product *p = job;
  int row = from;
  // Eight rows at a time hide the latency of the additions.
  for (; row + 8 <= to; row += 8) {
    const float *m = p->matrix + (size_t)row * p->columns;
    q sums[8];
    for (int r = 0; r < 8; r++) sums[r] = q_splat(0);
    int i = 0;
    for (; i + 4 <= p->columns; i += 4) {
      q x = q_load(p->vector + i);
#pragma GCC unroll 8
      for (int r = 0; r < 8; r++) sums[r] = q_fma(q_load(m + (size_t)r * p->columns + i), x, sums[r]);
    }
    for (int r = 0; r < 8; r++) {
      float total = q_sum(sums[r]);
      for (int j = i; j < p->columns; j++) total += m[(size_t)r * p->columns + j] * p->vector[j];
      p->out[row + r] = total;
    }
  }
  for (; row < to; row++) p->out[row] = dot_of(p->matrix + (size_t)row * p->columns, p->vector, p->columns);
}

static void weighted_row_sum(const struct thin_product *p) {
  int column = 0;
  for (; column + 4 * LANES <= p->columns; column += 4 * LANES) {
    v sums[4] = {v_splat(0), v_splat(0), v_splat(0), v_splat(0)};
    for (int row = 0; row < p->rows; row++) {
      const float *m = p->matrix + (size_t)row * p->columns + column;
      v weight = v_splat(p->vector[row]);
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) sums[i] = v_fma(weight, v_load(m + i * LANES), sums[i]);
    }
    for (int i = 0; i < 4; i++) v_store(p->out + column + i * LANES, sums[i]);
  }
  for (; column + 4 <= p->columns; column += 4) {
    q sum = q_splat(0);
    for (int row = 0; row < p->rows; row++) {
      sum = q_fma(q_splat(p->vector[row]), q_load(p->matrix + (size_t)row * p->columns + column), sum);
    }
    q_store(p->out + column, sum);
  }
  for (; column < p->columns; column++) {
    float sum = 0;
    for (int row = 0; row < p->rows; row++) sum += p->vector[row] * p->matrix[(size_t)row * p->columns + column];
    p->out[column] = sum;
  }
}

static void finish(const float *block, int block_stride, const float *bias, const struct product *p, int row, int rows) {
  for (int i = 0; i < rows; i++) {
    const size_t start = (size_t)(row + i) * p->n;
    for (int column = 0; column < p->n; column += 4) {
      const int lanes = p->n - column < 4 ? p->n - column : 4;
      const size_t at = start + column;
      q value = q_load_part(block + (size_t)i * block_stride + column, lanes);
      if (bias) value = value + q_load_part(bias + column, lanes);
      if (p->relu) value = q_relu(value);
      if (p->mask) value = q_if_greater(q_load_part(p->mask + at, lanes), q_splat(0), value, q_splat(0));
      if (p->accumulate) value = q_load_part(p->c + at, lanes) + value;
      q_store_part(p->c + at, value, lanes);
    }
  }
}

static void column_sums(const void *job, int from, int to) {
  const struct column_sums *p = job;
  int column = from;
  for (; column + 4 * LANES <= to; column += 4 * LANES) {
    v sums[4] = {v_splat(0), v_splat(0), v_splat(0), v_splat(0)};
    for (int row = 0; row < p->rows; row++) {
      const float *m = p->matrix + (size_t)row * p->columns + column;
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) sums[i] = sums[i] + v_load(m + i * LANES);
    }
    for (int i = 0; i < 4; i++) v_store(p->out + column + i * LANES, sums[i]);
  }
  for (; column < to; column += LANES) {
    const int lanes = to - column < LANES ? to - column : LANES;
    v sum = v_splat(0);
    for (int row = 0; row < p->rows; row++) {
      sum = sum + v_load_part(p->matrix + (size_t)row * p->columns + column, lanes);
    }
    v_store_part(p->out + column, sum, lanes);
  }
}

#endif
