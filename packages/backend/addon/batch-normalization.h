// ../assembly/batch-normalization.ts: see there for the formulas and the layout of moments and sums.
#ifndef MAXENT_BATCH_NORMALIZATION_H
#define MAXENT_BATCH_NORMALIZATION_H

#include "elementwise.h"

INLINE v v_clip(v x, float low, float high) { return v_at_most(v_at_least(x, v_splat(low)), v_splat(high)); }

/** From mu and the sum of squared deviations of some columns: the other moments, and the moved statistics. */
INLINE void finish_moments(const struct batch_normalization *p, int at, int lanes, v mu, v squares) {
  const size_t columns = (size_t)p->columns;
  float *moments = p->moments + at, *running = p->running + at;
  const v one = v_splat(1), epsilon = v_splat(p->epsilon), weight = v_splat(p->rate);
  const v s2 = squares / v_splat((float)p->rows);
  const v m = take(running, lanes), variance = take(running + columns, lanes);
  const v sigma = v_sqrt(s2 + epsilon);
  const v inverse = one / sigma;
  v r = one, shift = v_splat(0);
  if (p->renormalize) {
    const v spread = v_sqrt(variance + epsilon);
    r = v_clip(sigma / spread, 1.0f / 3, 3);
    shift = v_clip((mu - m) / spread, -5, 5);
  }
  const v factor = take(p->parameters + at, lanes);
  put(moments, mu, lanes);
  put(moments + columns, inverse, lanes);
  put(moments + 2 * columns, r, lanes);
  put(moments + 3 * columns, shift, lanes);
  put(moments + 4 * columns, factor * r * inverse, lanes);
  put(moments + 5 * columns, v_fma(factor, shift, take(p->parameters + columns + at, lanes)), lanes);
  put(running, v_fma(weight, mu - m, m), lanes);
  put(running + columns, v_fma(weight, s2 - variance, variance), lanes);
}

/** Vectors side by side, whose sums do not wait for each other. */
#define NORMALIZED_VECTORS 4

/** Of vector `i` of `count`. */
#define LANES_OF(i) ((i) + 1 == count ? last : LANES)

/** The whole pass for `count` vectors of columns, the last of them of `last` lanes. */
INLINE void normalize_columns(const struct batch_normalization *p, int column, const int count, const int last) {
  const size_t columns = (size_t)p->columns;
  const float *x = p->x + column;
  const v rows = v_splat((float)p->rows);
  v mean[NORMALIZED_VECTORS], squares[NORMALIZED_VECTORS];
  for (int i = 0; i < count; i++) mean[i] = squares[i] = v_splat(0);
  for (int row = 0; row < p->rows; row++) {
    const float *values = x + (size_t)row * columns;
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) mean[i] = mean[i] + take(values + i * LANES, LANES_OF(i));
  }
  for (int i = 0; i < count; i++) mean[i] = mean[i] / rows;
  for (int row = 0; row < p->rows; row++) {
    const float *values = x + (size_t)row * columns;
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) {
      const v deviation = take(values + i * LANES, LANES_OF(i)) - mean[i];
      squares[i] = v_fma(deviation, deviation, squares[i]);
    }
  }
  v slope[NORMALIZED_VECTORS], offset[NORMALIZED_VECTORS];
  for (int i = 0; i < count; i++) {
    const int at = column + i * LANES;
    finish_moments(p, at, LANES_OF(i), mean[i], squares[i]);
    slope[i] = take(p->moments + 4 * columns + at, LANES_OF(i));
    offset[i] = take(p->moments + 5 * columns + at, LANES_OF(i));
  }
  for (int row = 0; row < p->rows; row++) {
    const float *values = x + (size_t)row * columns;
    float *y = p->y + (size_t)row * columns + column;
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) {
      const int lanes = LANES_OF(i);
      put(y + i * LANES, v_fma(take(values + i * LANES, lanes) - mean[i], slope[i], offset[i]), lanes);
    }
  }
}

/** The sums for `count` vectors of columns. */
INLINE void sum_columns(const struct batch_normalization *p, int column, const int count, const int last) {
  const size_t columns = (size_t)p->columns;
  const v rows = v_splat((float)p->rows);
  v mean[NORMALIZED_VECTORS], totals[NORMALIZED_VECTORS], products[NORMALIZED_VECTORS];
  for (int i = 0; i < count; i++) {
    mean[i] = take(p->moments + column + i * LANES, LANES_OF(i));
    totals[i] = products[i] = v_splat(0);
  }
  for (int row = 0; row < p->rows; row++) {
    const float *values = p->x + (size_t)row * columns + column;
    const float *dy = p->dy + (size_t)row * columns + column;
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) {
      const v gradient = take(dy + i * LANES, LANES_OF(i));
      totals[i] = totals[i] + gradient;
      products[i] = v_fma(gradient, take(values + i * LANES, LANES_OF(i)) - mean[i], products[i]);
    }
  }
  for (int i = 0; i < count; i++) {
    const int at = column + i * LANES, lanes = LANES_OF(i);
    const float *moments = p->moments + at;
    float *sums = p->sums + at;
    const v inverse = take(moments + columns, lanes);
    const v along = products[i] * inverse;
    const v r = take(moments + 2 * columns, lanes), shift = take(moments + 3 * columns, lanes);
    put(sums, v_fma(shift, totals[i], r * along), lanes);
    put(sums + columns, totals[i], lanes);
    put(sums + 2 * columns, totals[i] / rows, lanes);
    put(sums + 3 * columns, along / rows * inverse, lanes);
  }
}

/** Does `part` for the columns from..to, as many vectors at a time as there are. */
#define EACH_COLUMNS(part)                                                                             \
  do {                                                                                                 \
    int column = from;                                                                                 \
    for (; column + NORMALIZED_VECTORS * LANES <= to; column += NORMALIZED_VECTORS * LANES)            \
      part(p, column, NORMALIZED_VECTORS, LANES);                                                      \
    for (; column < to; column += LANES) part(p, column, 1, to - column < LANES ? to - column : LANES); \
  } while (0)

static void batch_normalization(const void *job, int from, int to) {
  const struct batch_normalization *p = job;
  EACH_COLUMNS(normalize_columns);
}

static void batch_normalization_sums(const void *job, int from, int to) {
  const struct batch_normalization *p = job;
  EACH_COLUMNS(sum_columns);
}

static void batch_normalization_gradient(const void *job, int from, int to) {
  const struct batch_normalization *p = job;
  const size_t columns = (size_t)p->columns;
  const float *slope = p->moments + 4 * columns, *mean = p->sums + 2 * columns, *along = p->sums + 3 * columns;
  for (int row = from; row < to; row++) {
    const float *x = p->x + (size_t)row * columns, *dy = p->dy + (size_t)row * columns;
    float *dx = p->dx + (size_t)row * columns;
    EACH_VECTOR(0, p->columns,
      const v value = take(x + at, lanes);
      const v centered = value - take(p->moments + at, lanes);
      const v rest = take(dy + at, lanes) - take(mean + at, lanes);
      v result = take(slope + at, lanes) * (rest - centered * take(along + at, lanes));
      if (p->relu) result = v_keep_positive(result, value);
      put(dx + at, result, lanes););
  }
}

#endif
