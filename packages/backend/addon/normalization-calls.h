// Batch and layer normalization, as JavaScript calls them.
#ifndef MAXENT_NORMALIZATION_CALLS_H
#define MAXENT_NORMALIZATION_CALLS_H

#include "blocks.h"

/** Columns of a piece: whole cache lines. */
static int column_grain(int rows) { return 64 * (1 + GRAIN / 64 / (rows > 0 ? rows : 1)); }

/** Rows of a piece. */
static int rows_of_grain(int columns) { return 1 + GRAIN / (columns > 0 ? columns : 1); }

static napi_value batch_normalization(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "batchNormalization", 10)) return NULL;
  struct batch_normalization p = {
    .rows = count_of(&c, 5),
    .columns = count_of(&c, 6),
    .epsilon = single(&c, 7),
    .rate = single(&c, 8),
    .renormalize = flag(&c, 9),
  };
  p.x = block(&c, 0, p.rows, p.columns);
  p.parameters = block(&c, 1, 2, p.columns);
  p.running = block(&c, 2, 2, p.columns);
  p.y = block(&c, 3, p.rows, p.columns);
  p.moments = block(&c, 4, 6, p.columns);
  if (!c.failed) pool_run(c.pool, c.kernels->batch_normalization, &p, p.columns, column_grain(p.rows));
  return undefined(&c);
}

static napi_value batch_normalization_sums(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "batchNormalizationSums", 6)) return NULL;
  struct batch_normalization p = {.rows = count_of(&c, 4), .columns = count_of(&c, 5)};
  p.x = block(&c, 0, p.rows, p.columns);
  p.dy = block(&c, 1, p.rows, p.columns);
  p.moments = block(&c, 2, 6, p.columns);
  p.sums = block(&c, 3, 4, p.columns);
  if (!c.failed) pool_run(c.pool, c.kernels->batch_normalization_sums, &p, p.columns, column_grain(p.rows));
  return undefined(&c);
}

static napi_value batch_normalization_gradient(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "batchNormalizationGradient", 8)) return NULL;
  struct batch_normalization p = {.rows = count_of(&c, 5), .columns = count_of(&c, 6), .relu = flag(&c, 7)};
  p.x = block(&c, 0, p.rows, p.columns);
  p.dy = block(&c, 1, p.rows, p.columns);
  p.moments = block(&c, 2, 6, p.columns);
  p.sums = block(&c, 3, 4, p.columns);
  p.dx = block(&c, 4, p.rows, p.columns);
  if (!c.failed) pool_run(c.pool, c.kernels->batch_normalization_gradient, &p, p.rows, rows_of_grain(p.columns));
  return undefined(&c);
}

static napi_value layer_normalization(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "layerNormalization", 8)) return NULL;
  struct layer_normalization p = {
    .rows = count_of(&c, 4),
    .columns = count_of(&c, 5),
    .epsilon = single(&c, 6),
    .relu = flag(&c, 7),
  };
  p.x = block(&c, 0, p.rows, p.columns);
  p.parameters = block(&c, 1, 2, p.columns);
  p.y = block(&c, 2, p.rows, p.columns);
  p.inverses = block(&c, 3, p.rows, 1);
  if (!c.failed) pool_run(c.pool, c.kernels->layer_normalization, &p, p.rows, rows_of_grain(p.columns));
  return undefined(&c);
}

static napi_value layer_normalization_gradient(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "layerNormalizationGradient", 7)) return NULL;
  struct layer_normalization p = {.rows = count_of(&c, 5), .columns = count_of(&c, 6)};
  p.x = block(&c, 0, p.rows, p.columns);
  p.dy = block(&c, 1, p.rows, p.columns);
  p.parameters = block(&c, 2, 1, p.columns);
  p.inverses = block(&c, 3, p.rows, 1);
  p.dx = block(&c, 4, p.rows, p.columns);
  if (!c.failed) pool_run(c.pool, c.kernels->layer_normalization_gradient, &p, p.rows, rows_of_grain(p.columns));
  return undefined(&c);
}

#endif
