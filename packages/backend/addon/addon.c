// The Node-API addon of src/kernels/kernel-addon.ts.
#include "distribution-calls.h"
#include "elementwise-calls.h"
#include "matrix-calls.h"
#include "module.h"
#include "normalization-calls.h"
#include "row-calls.h"

static const struct function functions[] = {
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
  {NULL, NULL},
};

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
  export_function(env, exports, "multiplyAdds", multiply_adds, NULL);
  export_kernels(env, exports, functions);
  return exports;
}
