// Squashed Gaussians and coupling layers, as JavaScript calls them.
#ifndef MAXENT_DISTRIBUTION_CALLS_H
#define MAXENT_DISTRIBUTION_CALLS_H

#include "blocks.h"

/** Rows of a piece when an element of them costs as much as some fifty multiply-adds. */
static int row_grain(int width) { return 1 + GRAIN / 16 / (width > 0 ? width : 1); }

static napi_value squashed_gaussian(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "squashedGaussian", 9)) return NULL;
  const int batch = count_of(&c, 5), actions = count_of(&c, 6);
  struct squashed_gaussian p = {.actions = actions, .minimum = single(&c, 7), .maximum = single(&c, 8)};
  p.head = block(&c, 0, batch, 2 * (uint64_t)actions);
  p.noise = block(&c, 1, batch, actions);
  p.action = block(&c, 2, batch, actions);
  p.raw_action = block(&c, 3, batch, actions);
  p.log_prob = block(&c, 4, batch, 1);
  if (!c.failed) pool_run(c.pool, c.kernels->squashed_gaussian, &p, batch, row_grain(actions));
  return undefined(&c);
}

static napi_value squashed_gaussian_gradient(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "squashedGaussianGradient", 11)) return NULL;
  const int batch = count_of(&c, 7), actions = count_of(&c, 8);
  struct squashed_gaussian p = {.actions = actions, .minimum = single(&c, 9), .maximum = single(&c, 10)};
  p.head = block(&c, 0, batch, 2 * (uint64_t)actions);
  p.noise = block(&c, 1, batch, actions);
  p.action = block(&c, 2, batch, actions);
  p.d_action = block(&c, 3, batch, actions);
  p.d_raw_action = block(&c, 4, batch, actions);
  p.d_log_prob = block(&c, 5, batch, 1);
  p.d_head = block(&c, 6, batch, 2 * (uint64_t)actions);
  if (!c.failed) pool_run(c.pool, c.kernels->squashed_gaussian_gradient, &p, batch, row_grain(actions));
  return undefined(&c);
}

/** The sizes of a coupling layer, arguments `first` and on. */
static struct coupling coupling_sizes(struct call *c, int first) {
  struct coupling p = {
    .batch = count_of(c, first),
    .size = whole(c, first + 1, 1),
    .changed = whole(c, first + 2, 1),
    .first_changed = count_of(c, first + 3),
    .hidden = whole(c, first + 4, 1),
    .context_stride = count_of(c, first + 5),
    .maximum = single(c, first + 6),
    .invert = flag(c, first + 7),
  };
  if (p.changed > p.size || (p.first_changed != 0 && p.first_changed != p.size - p.changed)) {
    char message[160];
    snprintf(
      message, sizeof message, "%s: of %d entries, %d from %d on do not lie at an end", c->name, p.size, p.changed,
      p.first_changed
    );
    fail(c, message);
  }
  return p;
}

static uint64_t coupling_parameters(const struct coupling *p) {
  const uint64_t kept = (uint64_t)(p->size - p->changed), changed = (uint64_t)p->changed, hidden = (uint64_t)p->hidden;
  return (kept + 1) * hidden + 2 * changed * (hidden + 1);
}

/** Columns of a context: `hidden` in rows of `stride`; the last row need not be whole. */
static float *context_columns(struct call *c, int index, const struct coupling *p) {
  if (number(c, index) == 0) return NULL;
  const uint64_t rows = p->batch > 0 ? (uint64_t)p->batch - 1 : 0;
  return block(c, index, 1, rows * (uint64_t)p->context_stride + (uint64_t)p->hidden);
}

static napi_value affine_coupling(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "affineCoupling", 15)) return NULL;
  struct coupling p = coupling_sizes(&c, 7);
  p.x = block(&c, 0, p.batch, p.size);
  p.parameters = block(&c, 1, coupling_parameters(&p), 1);
  p.context = context_columns(&c, 2, &p);
  p.y = block(&c, 3, p.batch, p.size);
  p.log_determinant = block(&c, 4, p.batch, 1);
  p.hidden_values = block(&c, 5, p.batch, p.hidden);
  p.log_scale = block(&c, 6, p.batch, p.changed);
  if (!c.failed) pool_run(c.pool, c.kernels->coupling, &p, p.batch, row_grain(p.size * 4 + p.hidden / 4));
  return undefined(&c);
}

static napi_value affine_coupling_gradient(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "affineCouplingGradient", 19)) return NULL;
  struct coupling p = coupling_sizes(&c, 11);
  p.x = block(&c, 0, p.batch, p.size);
  p.parameters = block(&c, 1, coupling_parameters(&p), 1);
  p.y = block(&c, 2, p.batch, p.size);
  p.hidden_values = block(&c, 3, p.batch, p.hidden);
  p.log_scale = block(&c, 4, p.batch, p.changed);
  p.dy = block(&c, 5, p.batch, p.size);
  p.d_log_determinant = block(&c, 6, p.batch, 1);
  p.dx = block(&c, 7, p.batch, p.size);
  p.d_parameters = block(&c, 8, coupling_parameters(&p), 1);
  p.d_context = context_columns(&c, 9, &p);
  p.delta = block(&c, 10, p.hidden, 1);
  if (!c.failed) c.kernels->coupling_gradient(&p);
  return undefined(&c);
}

#endif
