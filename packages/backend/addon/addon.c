// The Node-API addon: `kernels()` names the instruction sets that run here, and `attach(memory, kernels, threads)` gives
// the functions of src/kernels/kernel-exports.ts on a WebAssembly memory.
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "distribution-calls.h"
#include "elementwise-calls.h"
#include "matrix-calls.h"
#include "normalization-calls.h"
#include "processor.h"
#include "row-calls.h"

static const struct {
  const char *name;
  napi_callback call;
} exports_of_kernels[] = {
  {"matrixMultiplyScratch", matrix_multiply_scratch},
  {"matrixMultiply", matrix_multiply},
  {"columnSums", column_sums},
  {"activate", activate},
  {"activationGradient", activation_gradient},
  {"adam", adam},
  {"polyak", polyak},
  {"sumOfSquares", sum_of_squares},
  {"scale", scale},
  {"squashedGaussian", squashed_gaussian},
  {"squashedGaussianGradient", squashed_gaussian_gradient},
  {"affineCoupling", affine_coupling},
  {"affineCouplingGradient", affine_coupling_gradient},
  {"batchNormalization", batch_normalization},
  {"batchNormalizationSums", batch_normalization_sums},
  {"batchNormalizationGradient", batch_normalization_gradient},
  {"layerNormalization", layer_normalization},
  {"layerNormalizationGradient", layer_normalization_gradient},
  {"nonzeroRows", nonzero_rows},
  {"gatherRows", gather_rows},
  {"addToRows", add_to_rows},
};

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
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
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
  napi_create_reference(env, arguments[0], 1, &instance->memory);
  napi_value exports;
  napi_create_object(env, &exports);
  for (size_t i = 0; i < sizeof exports_of_kernels / sizeof *exports_of_kernels; i++) {
    napi_value function;
    const char *function_name = exports_of_kernels[i].name;
    napi_create_function(env, function_name, NAPI_AUTO_LENGTH, exports_of_kernels[i].call, instance, &function);
    napi_add_finalizer(env, function, instance, release, NULL, NULL);
    instance->functions++;
    napi_set_named_property(env, exports, function_name, function);
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

/** Does rounds of multiply-adds (argument 2) with kernels (argument 1) and returns how many multiply-adds that were. */
static napi_value multiply_adds(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2], result;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  int32_t rounds = 0;
  const struct kernels *chosen = named_kernels(env, arguments[0]);
  if (count > 1) napi_get_value_int32(env, arguments[1], &rounds);
  if (chosen == NULL || rounds < 1) {
    napi_throw_range_error(env, "KERNEL_ARGUMENT", "multiplyAdds: expected kernels that run here and a number of rounds");
    return NULL;
  }
  volatile float sum = chosen->multiply_adds(rounds);
  (void)sum;
  napi_create_double(env, (double)rounds * chosen->round_operations, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "multiplyAdds", NAPI_AUTO_LENGTH, multiply_adds, NULL, &function);
  napi_set_named_property(env, exports, "multiplyAdds", function);
  napi_create_function(env, "kernels", NAPI_AUTO_LENGTH, kernels, NULL, &function);
  napi_set_named_property(env, exports, "kernels", function);
  napi_create_function(env, "attach", NAPI_AUTO_LENGTH, attach, NULL, &function);
  napi_set_named_property(env, exports, "attach", function);
  return exports;
}
