// Activations, updates of parameters in place and norms: ../assembly/activation.ts and optimizer.ts.
#ifndef MAXENT_ELEMENTWISE_H
#define MAXENT_ELEMENTWISE_H

#include "kernels.h"
#include "vector.h"

#define VECTOR q
#define F(name) q_##name
#include "functions.h"
#undef VECTOR
#undef F
#if LANES > 4
#define VECTOR v
#define F(name) v_##name
#include "functions.h"
#undef VECTOR
#undef F
#else
#define v_exponential_minus_one q_exponential_minus_one
#define v_tanh q_tanh
#endif

// The codes are those of src/kernels/activation-codes.ts.
enum { RELU = 1, TANH = 2, ELU = 3 };

INLINE v activated(int kind, v x) {
  if (kind == RELU) return v_relu(x);
  if (kind == TANH) return v_tanh(x);
  if (kind == ELU) return v_if_greater(x, v_splat(0), x, v_exponential_minus_one(x));
  return x;
}

/** The derivative, from the function's value y. */
INLINE v derivative(int kind, v y) {
  const v one = v_splat(1);
  if (kind == RELU) return v_if_greater(y, v_splat(0), one, v_splat(0));
  if (kind == TANH) return one - y * y;
  if (kind == ELU) return v_if_greater(y, v_splat(0), one, y + one);
  return one;
}

/** Runs the block for each vector of elements from..to: `at` is its first element, `lanes` how many it has. */
#define EACH_VECTOR(from, to, ...)                               \
  do {                                                           \
    int at = (from);                                             \
    for (; at + LANES <= (to); at += LANES) {                    \
      enum { lanes = LANES };                                    \
      __VA_ARGS__                                                \
    }                                                            \
    if (at < (to)) {                                             \
      const int lanes = (to)-at;                                 \
      __VA_ARGS__                                                \
    }                                                            \
  } while (0)

INLINE v take(const float *p, int lanes) { return lanes == LANES ? v_load(p) : v_load_part(p, lanes); }

INLINE void put(float *p, v x, int lanes) {
  if (lanes == LANES) v_store(p, x);
  else v_store_part(p, x, lanes);
}

static void activate(const void *job, int from, int to) {
  const struct activation *p = job;
  EACH_VECTOR(from, to, put(p->out + at, activated(p->kind, take(p->x + at, lanes)), lanes););
}

static void activation_gradient(const void *job, int from, int to) {
  const struct activation *p = job;
  EACH_VECTOR(from, to,
    const v slope = derivative(p->kind, take(p->y + at, lanes));
    put(p->out + at, take(p->x + at, lanes) * slope, lanes););
}

static void adam(const void *job, int from, int to) {
  const struct adam *p = job;
  const v b1 = v_splat(p->beta1), c1 = v_splat(p->complement1);
  const v b2 = v_splat(p->beta2), c2 = v_splat(p->complement2);
  const v size = v_splat(p->step_size), correction = v_splat(p->root_correction), epsilon = v_splat(p->epsilon);
  EACH_VECTOR(from, to,
    const v g = take(p->gradient + at, lanes);
    const v first = v_fma(g, c1, take(p->first_moment + at, lanes) * b1);
    const v second = v_fma(g * g, c2, take(p->second_moment + at, lanes) * b2);
    put(p->first_moment + at, first, lanes);
    put(p->second_moment + at, second, lanes);
    const v step = first * size / v_fma(v_sqrt(second), correction, epsilon);
    put(p->parameters + at, take(p->parameters + at, lanes) - step, lanes););
}

static void polyak(const void *job, int from, int to) {
  const struct polyak *p = job;
  const v weight = v_splat(p->tau);
  EACH_VECTOR(from, to,
    const v target = take(p->target + at, lanes);
    put(p->target + at, v_fma(weight, take(p->source + at, lanes) - target, target), lanes););
}

static void scale(const void *job, int from, int to) {
  const struct scaling *p = job;
  const v factor = v_splat(p->factor);
  EACH_VECTOR(from, to, put(p->out + at, take(p->x + at, lanes) * factor, lanes););
}

/** Four partial sums in float64, as the WebAssembly kernels have them. */
static double sum_of_squares(const float *x, int count) {
  double sums[4] = {0};
  int i = 0;
  for (; i + 4 <= count; i += 4) {
    for (int lane = 0; lane < 4; lane++) sums[lane] += (double)x[i + lane] * (double)x[i + lane];
  }
  for (int lane = 0; i + lane < count; lane++) sums[lane] += (double)x[i + lane] * (double)x[i + lane];
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

static void add_to_rows(const void *job, int from, int to) {
  const struct picked_rows *p = job;
  for (int i = from; i < to; i++) {
    const float *row = p->from + (size_t)i * p->columns;
    float *target = p->to + (size_t)p->numbers[i] * p->columns;
    EACH_VECTOR(0, p->columns, put(target + at, take(target + at, lanes) + take(row + at, lanes), lanes););
  }
}

#endif
