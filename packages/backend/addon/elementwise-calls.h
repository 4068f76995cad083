// Activations and updates of parameters, as JavaScript calls them.
#ifndef MAXENT_ELEMENTWISE_CALLS_H
#define MAXENT_ELEMENTWISE_CALLS_H

#include "blocks.h"

static napi_value activate(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "activate", 4)) return NULL;
  const int count = count_of(&c, 3);
  struct activation p = {.kind = count_of(&c, 0), .x = block(&c, 1, count, 1), .out = block(&c, 2, count, 1)};
  if (!c.failed) pool_run(c.pool, c.kernels->activate, &p, count, GRAIN);
  return undefined(&c);
}

static napi_value activation_gradient(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "activationGradient", 5)) return NULL;
  const int count = count_of(&c, 4);
  struct activation p = {.kind = count_of(&c, 0)};
  p.x = block(&c, 1, count, 1);
  p.y = block(&c, 2, count, 1);
  p.out = block(&c, 3, count, 1);
  if (!c.failed) pool_run(c.pool, c.kernels->activation_gradient, &p, count, GRAIN);
  return undefined(&c);
}

static napi_value adam(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "adam", 12)) return NULL;
  const int count = count_of(&c, 4);
  struct adam p = {
    .parameters = block(&c, 0, count, 1),
    .gradient = block(&c, 1, count, 1),
    .first_moment = block(&c, 2, count, 1),
    .second_moment = block(&c, 3, count, 1),
    .beta1 = single(&c, 5),
    .complement1 = single(&c, 6),
    .beta2 = single(&c, 7),
    .complement2 = single(&c, 8),
    .step_size = single(&c, 9),
    .root_correction = single(&c, 10),
    .epsilon = single(&c, 11),
  };
  if (!c.failed) pool_run(c.pool, c.kernels->adam, &p, count, GRAIN);
  return undefined(&c);
}

static napi_value polyak(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "polyak", 4)) return NULL;
  const int count = count_of(&c, 2);
  struct polyak p = {.target = block(&c, 0, count, 1), .source = block(&c, 1, count, 1), .tau = single(&c, 3)};
  if (!c.failed) pool_run(c.pool, c.kernels->polyak, &p, count, GRAIN);
  return undefined(&c);
}

static napi_value sum_of_squares(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "sumOfSquares", 2)) return NULL;
  const int count = count_of(&c, 1);
  const float *x = block(&c, 0, count, 1);
  napi_value sum = NULL;
  if (!c.failed) napi_create_double(env, c.kernels->sum_of_squares(x, count), &sum);
  return sum;
}

static napi_value scale(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "scale", 4)) return NULL;
  const int count = count_of(&c, 2);
  struct scaling p = {.x = block(&c, 0, count, 1), .out = block(&c, 1, count, 1), .factor = single(&c, 3)};
  if (!c.failed) pool_run(c.pool, c.kernels->scale, &p, count, GRAIN);
  return undefined(&c);
}

#endif
