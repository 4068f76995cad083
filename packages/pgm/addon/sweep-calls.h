// Sweeps, as JavaScript calls them.
#ifndef MAXENT_SWEEP_CALLS_H
#define MAXENT_SWEEP_CALLS_H

#include "call.h"

/**
 * How many values of `bytes` bytes there are from an address to what the sweep writes next, or to the end of the memory.
 * What was checked there stays as it is.
 */
static size_t room(const struct call *c, const struct sweep *s, const void *from, size_t bytes) {
  if (c->failed) return 0;
  const double *const written[][2] = {
    {s->out, s->out + s->states},
    {s->terms, s->terms + (size_t)s->actions * s->stride},
  };
  const uint8_t *start = from, *end = c->memory + c->size;
  for (int i = 0; i < 2; i++) {
    const uint8_t *first = (const uint8_t *)written[i][0], *last = (const uint8_t *)written[i][1];
    if (start < last && first < end) end = first;
  }
  return start < end ? (size_t)(end - start) / bytes : 0;
}

static struct words words(struct call *c, const struct sweep *s, int index) {
  const uint32_t *at = values(c, index, 0, sizeof *at);
  return (struct words){at, room(c, s, at, sizeof *at)};
}

static bool has_tables(struct call *c) {
  if (c->size >= 2 * TABLES_END) return true;
  char message[64];
  snprintf(message, sizeof message, "%s: the memory has no room for the tables", c->name);
  fail(c, message);
  return false;
}

/** Asks the function that is the last argument of `sweep`; NaN if it fails. */
static double ask_exact_value(void *context, int state) {
  struct call *c = context;
  napi_handle_scope scope;
  napi_value global, number_of_state, answer;
  double value = NAN;
  if (c->failed || napi_open_handle_scope(c->env, &scope) != napi_ok) return value;
  napi_get_global(c->env, &global);
  napi_create_int32(c->env, state, &number_of_state);
  c->failed = napi_call_function(c->env, global, c->arguments[20], 1, &number_of_state, &answer) != napi_ok;
  if (!c->failed) napi_get_value_double(c->env, answer, &value);
  napi_close_handle_scope(c->env, scope);
  return value;
}

static napi_value sweep(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "sweep", 21)) return NULL;
  struct sweep s = {.memory = c.memory, .size = c.size, .exact_value = ask_exact_value, .context = &c};
  s.exact = whole(&c, 0, 0) != 0;
  s.hard = whole(&c, 1, 0) != 0;
  s.states = count_of(&c, 2);
  s.actions = whole(&c, 3, 1);
  s.block = whole(&c, 13, 1);
  s.kinds = values(&c, 4, ((uint64_t)s.states + (uint64_t)s.block - 1) / (uint64_t)s.block, 1);
  const uint64_t actions = (uint64_t)s.actions;
  const uint64_t rows = actions + (s.exact ? 1 : 0);
  s.rewards = values(&c, 10, ((uint64_t)s.states + GROUP - 1) / GROUP * GROUP * rows, sizeof(double));
  s.out = values(&c, 11, (uint64_t)s.states, sizeof(double));
  s.stride = (size_t)whole(&c, 14, 8) / sizeof(double);
  s.terms = values(&c, 12, actions * s.stride, sizeof(double));
  s.offsets = words(&c, &s, 5);
  s.runs = words(&c, &s, 6);
  s.patterns = words(&c, &s, 7);
  s.columns = words(&c, &s, 8);
  s.probs.at = values(&c, 9, 0, sizeof(double));
  s.probs.count = room(&c, &s, s.probs.at, sizeof(double));
  s.discount = number(&c, 15);
  s.temperature = number(&c, 16);
  s.shift = number(&c, 17);
  s.maximum = number(&c, 18);
  s.end = number(&c, 19);
  if (s.block % GROUP != 0) refuse(&c, 13, "a multiple of 8");
  if (s.stride < (size_t)s.block + GROUP) refuse(&c, 14, "64 bytes more than a block");
  napi_valuetype type;
  napi_typeof(env, c.arguments[20], &type);
  if (type != napi_function) fail(&c, "sweep: argument 21: expected a function");
  if (!s.exact && !s.hard && s.actions > MOST_ACTIONS) refuse(&c, 3, "at most 8 actions");
  if (!has_tables(&c) || c.failed) return NULL;
  const char *problem = c.kernels->sweep(&s);
  if (problem != NULL) fail(&c, problem);
  return undefined(&c);
}

static napi_value weigh(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "weigh", 4)) return NULL;
  const int count = count_of(&c, 1);
  double *numbers = values(&c, 0, (uint64_t)count, sizeof *numbers);
  const double maximum = number(&c, 2), inverse = number(&c, 3);
  if (!has_tables(&c) || c.failed) return NULL;
  c.kernels->weigh((const double *)c.memory, numbers, count, maximum, inverse);
  return undefined(&c);
}

#endif
