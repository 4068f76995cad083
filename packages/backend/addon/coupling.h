// ../assembly/affine-coupling.ts: see there for the layout of the parameters and the formulas.
#ifndef MAXENT_COUPLING_H
#define MAXENT_COUPLING_H

#include <string.h>

#include "elementwise.h"

INLINE float exponential_of(float x) { return q_first(q_exponential(q_splat(x))); }

INLINE float dot(const float *a, const float *b, int count) {
  q sum = q_splat(0);
  int j = 0;
  for (; j + 4 <= count; j += 4) sum = q_fma(q_load(a + j), q_load(b + j), sum);
  if (j < count) sum = q_fma(q_load_part(a + j, count - j), q_load_part(b + j, count - j), sum);
  return q_sum(sum);
}

/** out[i] = dot(vector, row i of `rows`): several sums at a time hide the latency of each. */
INLINE void dots(const float *vector, const float *rows, float *out, int row_count, int count) {
  int row = 0;
  for (; row + 4 <= row_count; row += 4) {
    const float *first = rows + (size_t)row * count;
    q sums[4] = {q_splat(0), q_splat(0), q_splat(0), q_splat(0)};
    int j = 0;
    for (; j + 4 <= count; j += 4) {
      const q x = q_load(vector + j);
#pragma GCC unroll 4
      for (int r = 0; r < 4; r++) sums[r] = q_fma(x, q_load(first + (size_t)r * count + j), sums[r]);
    }
    if (j < count) {
      const q x = q_load_part(vector + j, count - j);
#pragma GCC unroll 4
      for (int r = 0; r < 4; r++) sums[r] = q_fma(x, q_load_part(first + (size_t)r * count + j, count - j), sums[r]);
    }
    for (int r = 0; r < 4; r++) out[row + r] = q_sum(sums[r]);
  }
  for (; row < row_count; row++) out[row] = dot(vector, rows + (size_t)row * count, count);
}

/** target += factor * source. */
INLINE void add_scaled(float *target, float factor, const float *source, int count) {
  const v f = v_splat(factor);
  EACH_VECTOR(0, count, put(target + at, v_fma(f, take(source + at, lanes), take(target + at, lanes)), lanes););
}

static void coupling(const void *job, int from, int to) {
  const struct coupling *p = job;
  const int kept = p->size - p->changed, hidden = p->hidden;
  const int first_kept = p->first_changed == 0 ? p->changed : 0;
  const float *bias1 = p->parameters + (size_t)kept * hidden;
  const float *weight2 = bias1 + hidden;
  const float *bias2 = weight2 + (size_t)2 * p->changed * hidden;
  const q maximum = q_splat(p->maximum);
  for (int row = from; row < to; row++) {
    const float *x = p->x + (size_t)row * p->size;
    float *y = p->y + (size_t)row * p->size;
    float *values = p->hidden_values + (size_t)row * hidden;
    const float *context = p->context ? p->context + (size_t)row * p->context_stride : NULL;
    EACH_VECTOR(0, hidden,
      v sum = take(bias1 + at, lanes);
      if (context) sum = sum + take(context + at, lanes);
      for (int i = 0; i < kept; i++) {
        sum = v_fma(v_splat(x[first_kept + i]), take(p->parameters + (size_t)i * hidden + at, lanes), sum);
      }
      put(values + at, v_tanh(sum), lanes););
    memcpy(y + first_kept, x + first_kept, sizeof(float) * kept);
    float *log_scale = p->log_scale + (size_t)row * p->changed;
    float *changed_y = y + p->first_changed;
    dots(values, weight2, log_scale, p->changed, hidden);
    dots(values, weight2 + (size_t)p->changed * hidden, changed_y, p->changed, hidden);
    float total = 0;
    for (int m = 0; m < p->changed; m += 4) {
      const int lanes = p->changed - m < 4 ? p->changed - m : 4;
      const q raw = q_load_part(bias2 + m, lanes) + q_load_part(log_scale + m, lanes);
      const q s = maximum * q_tanh(raw / maximum);
      const q t = q_load_part(bias2 + p->changed + m, lanes) + q_load_part(changed_y + m, lanes);
      const q value = q_load_part(x + p->first_changed + m, lanes);
      q_store_part(log_scale + m, s, lanes);
      q_store_part(changed_y + m, p->invert ? (value - t) * q_exponential(-s) : value * q_exponential(s) + t, lanes);
      for (int i = 0; i < lanes; i++) total += log_scale[m + i];
    }
    p->log_determinant[row] = p->invert ? -total : total;
  }
}

/** Row after row: the gradient in the parameters is a sum over rows. */
static void coupling_gradient(const struct coupling *p) {
  const int kept = p->size - p->changed, hidden = p->hidden;
  const int first_kept = p->first_changed == 0 ? p->changed : 0;
  const float *weight2 = p->parameters + (size_t)(kept + 1) * hidden;
  float *d_bias1 = p->d_parameters + (size_t)kept * hidden;
  float *d_weight2 = d_bias1 + hidden;
  float *d_bias2 = d_weight2 + (size_t)2 * p->changed * hidden;
  memset(p->d_parameters, 0, sizeof(float) * ((size_t)(kept + 1) * hidden + (size_t)2 * p->changed * (hidden + 1)));
  for (int row = 0; row < p->batch; row++) {
    const float *x = p->x + (size_t)row * p->size, *y = p->y + (size_t)row * p->size;
    const float *dy = p->dy + (size_t)row * p->size;
    const float *values = p->hidden_values + (size_t)row * hidden;
    float *dx = p->dx + (size_t)row * p->size;
    const float density = p->d_log_determinant[row];
    memset(p->delta, 0, sizeof(float) * hidden);
    for (int m = 0; m < p->changed; m++) {
      const int column = p->first_changed + m;
      const float s = p->log_scale[(size_t)row * p->changed + m];
      const float above = dy[column];
      const float scale = exponential_of(p->invert ? -s : s);
      // Of s and t before the other direction's signs: y = x exp(s) + t, or y = (x - t) exp(-s).
      const float ds = p->invert ? -above * y[column] - density : above * x[column] * scale + density;
      const float dt = p->invert ? -above * scale : above;
      dx[column] = above * scale;
      const float share = s / p->maximum;
      const float d_raw = ds * (1 - share * share);
      const size_t scale_row = (size_t)m * hidden, shift_row = (size_t)(p->changed + m) * hidden;
      d_bias2[m] += d_raw;
      d_bias2[p->changed + m] += dt;
      add_scaled(d_weight2 + scale_row, d_raw, values, hidden);
      add_scaled(d_weight2 + shift_row, dt, values, hidden);
      add_scaled(p->delta, d_raw, weight2 + scale_row, hidden);
      add_scaled(p->delta, dt, weight2 + shift_row, hidden);
    }
    EACH_VECTOR(0, hidden,
      const v h = take(values + at, lanes);
      const v delta = take(p->delta + at, lanes) * (v_splat(1) - h * h);
      put(p->delta + at, delta, lanes);
      put(d_bias1 + at, take(d_bias1 + at, lanes) + delta, lanes););
    if (p->d_context) memcpy(p->d_context + (size_t)row * p->context_stride, p->delta, sizeof(float) * hidden);
    dots(p->delta, p->parameters, dx + first_kept, kept, hidden);
    for (int i = 0; i < kept; i++) {
      const int column = first_kept + i;
      dx[column] = dy[column] + dx[column];
      add_scaled(p->d_parameters + (size_t)i * hidden, x[column], p->delta, hidden);
    }
  }
}

#endif
