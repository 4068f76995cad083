// Reads and checks the arguments of one call of a kernel, so that none of them can reach outside the memory.
#ifndef MAXENT_CALL_H
#define MAXENT_CALL_H

#define NAPI_VERSION 8
#include <math.h>
#include <node_api.h>
#include <stdio.h>

#include "kernels.h"
#include "pool.h"

#define MOST_ARGUMENTS 20

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

static void fail(struct call *c, const char *message) {
  if (c->failed) return;
  c->failed = true;
  napi_throw_range_error(c->env, "KERNEL_ARGUMENT", message);
}

static bool begin(struct call *c, napi_env env, napi_callback_info info, const char *name, size_t expected) {
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

static double number(struct call *c, int index) {
  double value = NAN;
  napi_get_value_double(c->env, c->arguments[index], &value);
  return value;
}

static float single(struct call *c, int index) { return (float)number(c, index); }

/** A whole number from `least` to 2^31 - 1. */
static int whole(struct call *c, int index, int least) {
  const double value = number(c, index);
  if (value >= least && value <= INT32_MAX && value == floor(value)) return (int)value;
  char message[160];
  snprintf(
    message, sizeof message, "%s: argument %d: expected a whole number from %d to 2^31 - 1, got %g", c->name, index + 1,
    least, value
  );
  fail(c, message);
  return least;
}

static int count_of(struct call *c, int index) { return whole(c, index, 0); }

static bool flag(struct call *c, int index) {
  bool value = false;
  if (napi_get_value_bool(c->env, c->arguments[index], &value) == napi_ok) return value;
  char message[96];
  snprintf(message, sizeof message, "%s: argument %d: expected a boolean", c->name, index + 1);
  fail(c, message);
  return false;
}

/** Rows times columns values of four bytes at an address. NULL, after an error, if they do not lie in the memory. */
static void *block(struct call *c, int index, uint64_t rows, uint64_t columns) {
  const double address = number(c, index);
  // No product of three sizes below 2^31 occurs.
  const uint64_t values = rows * columns;
  if (
    address >= 0 && address <= (double)c->size && address == floor(address) && fmod(address, 4) == 0 &&
    values <= (c->size - (uint64_t)address) / 4
  ) {
    return c->memory + (size_t)address;
  }
  char message[200];
  snprintf(
    message, sizeof message, "%s: argument %d: %llu values of 4 bytes at %g do not lie in the memory of %zu bytes",
    c->name, index + 1, (unsigned long long)values, address, c->size
  );
  fail(c, message);
  return NULL;
}

/** The same where 0 leaves the argument out. */
static void *optional(struct call *c, int index, uint64_t rows, uint64_t columns) {
  return number(c, index) == 0 ? NULL : block(c, index, rows, columns);
}

static napi_value undefined(struct call *c) {
  napi_value value = NULL;
  if (!c->failed) napi_get_undefined(c->env, &value);
  return value;
}

/** Elements of a piece: less than this is not worth another thread. */
#define GRAIN 16384

#endif
