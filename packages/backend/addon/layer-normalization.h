// ../assembly/layer-normalization.ts: see there for the formulas. Sums over a row have four partial sums.
#ifndef MAXENT_LAYER_NORMALIZATION_H
#define MAXENT_LAYER_NORMALIZATION_H

#include "elementwise.h"

/** Runs the block for every four columns: `at` is the first of them, `lanes` how many there are. */
#define EACH_FOUR(columns, ...)                                      \
  do {                                                               \
    int at = 0;                                                      \
    for (; at + 4 <= (columns); at += 4) {                           \
      enum { lanes = 4 };                                            \
      __VA_ARGS__                                                    \
    }                                                                \
    if (at < (columns)) {                                            \
      const int lanes = (columns)-at;                                \
      __VA_ARGS__                                                    \
    }                                                                \
  } while (0)

static void layer_normalization(const void *job, int from, int to) {
  const struct layer_normalization *p = job;
  const float *scale = p->parameters, *shift = p->parameters + p->columns;
  for (int row = from; row < to; row++) {
    float *x = p->x + (size_t)row * (size_t)p->columns, *y = p->y + (size_t)row * (size_t)p->columns;
    q sum = q_splat(0), squares = q_splat(0);
    EACH_FOUR(p->columns, sum = sum + q_load_part(x + at, lanes););
    const float mean = q_sum(sum) / (float)p->columns;
    EACH_VECTOR(0, p->columns, put(x + at, take(x + at, lanes) - v_splat(mean), lanes););
    EACH_FOUR(p->columns,
      const q deviation = q_load_part(x + at, lanes);
      squares = q_fma(deviation, deviation, squares););
    const q sigma = q_sqrt(q_splat(q_sum(squares) / (float)p->columns + p->epsilon));
    const float inverse = 1 / q_first(sigma);
    p->inverses[row] = inverse;
    EACH_VECTOR(0, p->columns,
      const v z = take(x + at, lanes) * v_splat(inverse);
      const v value = v_fma(take(scale + at, lanes), z, take(shift + at, lanes));
      put(x + at, z, lanes);
      put(y + at, p->relu ? v_relu(value) : value, lanes););
  }
}

static void layer_normalization_gradient(const void *job, int from, int to) {
  const struct layer_normalization *p = job;
  const float *scale = p->parameters;
  for (int row = from; row < to; row++) {
    const size_t start = (size_t)row * (size_t)p->columns;
    const float *z = p->x + start, *dy = p->dy + start;
    float *dx = p->dx + start;
    q sum = q_splat(0), along = q_splat(0);
    EACH_FOUR(p->columns,
      const q g = q_load_part(dy + at, lanes) * q_load_part(scale + at, lanes);
      sum = sum + g;
      along = q_fma(g, q_load_part(z + at, lanes), along););
    const v mean = v_splat(q_sum(sum) / (float)p->columns);
    const v slope = v_splat(q_sum(along) / (float)p->columns);
    const v inverse = v_splat(p->inverses[row]);
    EACH_VECTOR(0, p->columns,
      const v g = take(dy + at, lanes) * take(scale + at, lanes);
      put(dx + at, (g - mean - take(z + at, lanes) * slope) * inverse, lanes););
  }
}

#endif
