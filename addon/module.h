// What every addon of ours exports: `kernels()` names the instruction sets that run here, and `attach(memory, kernels,
// threads)` gives its functions on a WebAssembly memory.
#ifndef MAXENT_MODULE_H
#define MAXENT_MODULE_H

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "processor.h"

/** A function that `attach` gives. */
struct function {
  const char *name;
  napi_callback call;
};

/** Adds a function to an object. */
static napi_value export_function(napi_env env, napi_value exports, const char *name, napi_callback call, void *data) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, call, data, &function);
  napi_set_named_property(env, exports, name, function);
  return function;
}

/** Called for each function that is collected; the last one takes the instance with it. */
static void release(napi_env env, void *data, void *hint) {
  (void)hint;
  struct instance *instance = data;
  if (--instance->functions > 0) return;
  pool_close(instance->pool);
  napi_delete_reference(env, instance->memory);
  free(instance);
}

/** The kernels of that name, if they run here. */
static const struct kernels *named_kernels(napi_env env, napi_value value) {
  char name[16] = "";
  napi_get_value_string_utf8(env, value, name, sizeof name, NULL);
  const struct kernels *found[3];
  find_kernels(found);
  for (int i = 0; found[i] != NULL; i++) {
    if (strcmp(found[i]->name, name) == 0) return found[i];
  }
  return NULL;
}

static napi_value attach(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  void *data;
  napi_get_cb_info(env, info, &count, arguments, NULL, &data);
  int32_t threads = 0;
  napi_value buffer;
  bool is_buffer = false;
  if (count > 0 && napi_get_named_property(env, arguments[0], "buffer", &buffer) == napi_ok) {
    napi_is_arraybuffer(env, buffer, &is_buffer);
  }
  if (!is_buffer) {
    napi_throw_type_error(env, "KERNEL_ARGUMENT", "attach: expected a WebAssembly.Memory that is not shared");
    return NULL;
  }
  if (count > 2) napi_get_value_int32(env, arguments[2], &threads);
  const struct kernels *chosen = count > 1 ? named_kernels(env, arguments[1]) : NULL;
  if (chosen == NULL || threads < 1 || threads > 256) {
    napi_throw_range_error(env, "KERNEL_ARGUMENT", "attach: expected kernels that run here and 1 to 256 threads");
    return NULL;
  }
  struct instance *instance = calloc(1, sizeof *instance);
  struct pool *pool = instance == NULL ? NULL : pool_open(threads);
  if (pool == NULL) {
    free(instance);
    napi_throw_error(env, "KERNEL_MEMORY", "attach: out of memory");
    return NULL;
  }
  instance->pool = pool;
  instance->kernels = chosen;
  // Weak: the functions hold the memory, so that both are collected at once. Finalizers run when the program is idle, and
  // until then a strong reference would hold a memory that nobody needs.
  napi_create_reference(env, arguments[0], 0, &instance->memory);
  napi_value exports;
  napi_create_object(env, &exports);
  for (const struct function *each = data; each->name != NULL; each++) {
    napi_value function = export_function(env, exports, each->name, each->call, instance);
    napi_set_named_property(env, function, "memory", arguments[0]);
    napi_add_finalizer(env, function, instance, release, NULL, NULL);
    instance->functions++;
  }
  return exports;
}

static napi_value kernels(napi_env env, napi_callback_info info) {
  (void)info;
  const struct kernels *found[3];
  find_kernels(found);
  napi_value names;
  napi_create_array(env, &names);
  for (uint32_t i = 0; found[i] != NULL; i++) {
    napi_value name;
    napi_create_string_utf8(env, found[i]->name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, i, name);
  }
  return names;
}

/** Exports both; `functions` ends with one that has no name. */
static void export_kernels(napi_env env, napi_value exports, const struct function *functions) {
  export_function(env, exports, "kernels", kernels, NULL);
  export_function(env, exports, "attach", attach, (void *)functions);
}

#endif
