// Reads and checks the arguments of one call of a kernel, so that none of them can reach outside the memory. kernels.h is
// the package's own: `struct kernels`, whose `name` is that of an instruction set, and `kernels_avx512` and so on.
#ifndef MAXENT_CALL_H
#define MAXENT_CALL_H

#define NAPI_VERSION 8
#include <math.h>
#include <node_api.h>
#include <stdio.h>

#include "kernels.h"
#include "pool.h"

#define MOST_ARGUMENTS 21

/** What one `attach` made. */
struct instance {
  napi_ref memory;
  const struct kernels *kernels;
  struct pool *pool;
  /** Functions that still exist. */
  int functions;
};

/** One call of a kernel. */
struct call {
  napi_env env;
  const char *name;
  const struct kernels *kernels;
  struct pool *pool;
  napi_value arguments[MOST_ARGUMENTS];
  uint8_t *memory;
  size_t size;
  bool failed;
};

static inline void fail(struct call *c, const char *message) {
  if (c->failed) return;
  c->failed = true;
  napi_throw_range_error(c->env, "KERNEL_ARGUMENT", message);
}

static inline bool begin(struct call *c, napi_env env, napi_callback_info info, const char *name, size_t expected) {
  *c = (struct call){.env = env, .name = name};
  size_t count = MOST_ARGUMENTS;
  void *data;
  napi_get_cb_info(env, info, &count, c->arguments, NULL, &data);
  const struct instance *instance = data;
  c->kernels = instance->kernels;
  c->pool = instance->pool;
  char message[128];
  if (count != expected) {
    snprintf(message, sizeof message, "%s: expected %zu arguments, got %zu", name, expected, count);
    fail(c, message);
    return false;
  }
  // Asked for at every call: a memory that grows gets a new buffer.
  napi_value memory, buffer;
  void *bytes = NULL;
  if (
    napi_get_reference_value(env, instance->memory, &memory) != napi_ok ||
    napi_get_named_property(env, memory, "buffer", &buffer) != napi_ok ||
    napi_get_arraybuffer_info(env, buffer, &bytes, &c->size) != napi_ok
  ) {
    snprintf(message, sizeof message, "%s: the memory has no ArrayBuffer", name);
    fail(c, message);
    return false;
  }
  c->memory = bytes;
  return true;
}

static inline double number(struct call *c, int index) {
  double value = NAN;
  napi_get_value_double(c->env, c->arguments[index], &value);
  return value;
}

/** Fails with what was expected of an argument, and its value. */
static inline void refuse(struct call *c, int index, const char *expected) {
  char message[160];
  snprintf(
    message, sizeof message, "%s: argument %d: expected %s, got %g", c->name, index + 1, expected, number(c, index)
  );
  fail(c, message);
}

/** A whole number from `least` to 2^31 - 1. */
static inline int whole(struct call *c, int index, int least) {
  const double value = number(c, index);
  if (value >= least && value <= INT32_MAX && value == floor(value)) return (int)value;
  char expected[64];
  snprintf(expected, sizeof expected, "a whole number from %d to 2^31 - 1", least);
  refuse(c, index, expected);
  return least;
}

static inline int count_of(struct call *c, int index) { return whole(c, index, 0); }

static inline bool flag(struct call *c, int index) {
  bool value = false;
  if (napi_get_value_bool(c->env, c->arguments[index], &value) == napi_ok) return value;
  char message[96];
  snprintf(message, sizeof message, "%s: argument %d: expected a boolean", c->name, index + 1);
  fail(c, message);
  return false;
}

/** `count` values of `bytes` bytes at an address. NULL, after an error, if they do not lie in the memory. */
static inline void *values(struct call *c, int index, uint64_t count, unsigned bytes) {
  const double address = number(c, index);
  if (
    address >= 0 && address <= (double)c->size && address == floor(address) && fmod(address, bytes) == 0 &&
    count <= (c->size - (uint64_t)address) / bytes
  ) {
    return c->memory + (size_t)address;
  }
  char message[200];
  snprintf(
    message, sizeof message, "%s: argument %d: %llu values of %u bytes at %g do not lie in the memory of %zu bytes",
    c->name, index + 1, (unsigned long long)count, bytes, address, c->size
  );
  fail(c, message);
  return NULL;
}

static inline napi_value undefined(struct call *c) {
  napi_value value = NULL;
  if (!c->failed) napi_get_undefined(c->env, &value);
  return value;
}

#endif
