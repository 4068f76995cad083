// The Node-API addon: `kernels()` names the instruction sets that run here, and `attach(memory, kernels, threads)` gives
// the functions of src/kernels/kernel-exports.ts on a WebAssembly memory. Arguments are checked, so that none of them can
// reach outside the memory.
#define NAPI_VERSION 8
#include <math.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "pool.h"
#include "processor.h"

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
/** Multiply-adds that are worth another thread. */
#define PRODUCT_GRAIN (1 << 18)
/** Up to this many rows, packing B costs more than it saves; the same as in ../assembly/matrix.ts. */
#define FEW_ROWS 4

static uint64_t padded(const struct kernels *kernels, uint64_t columns) {
  const uint64_t width = (uint64_t)kernels->panel_columns;
  return (columns + width - 1) / width * width;
}

/** Floats of scratch: panels of B behind room to align them; or one row or column. */
static uint64_t scratch_size(const struct kernels *kernels, uint64_t m, uint64_t n, uint64_t k) {
  const uint64_t panels = padded(kernels, n) * k + 16;
  const uint64_t line = m > n ? m : n;
  return panels > line ? panels : line;
}

static napi_value matrix_multiply_scratch(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "matrixMultiplyScratch", 3)) return NULL;
  const int m = count_of(&c, 0), n = count_of(&c, 1), k = count_of(&c, 2);
  napi_value bytes = NULL;
  if (!c.failed) napi_create_double(env, 4 * (double)scratch_size(c.kernels, m, n, k), &bytes);
  return bytes;
}

static void multiply_packed(struct call *c, struct product *p, float *scratch) {
  // Loads of whole cache lines.
  p->panels = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  const int panels = (int)(padded(c->kernels, (uint64_t)p->n) / (uint64_t)c->kernels->panel_columns);
  const double work = (double)p->m * p->n * p->k;
  const int rows = c->kernels->tile_rows;
  if (work < 2.0 * PRODUCT_GRAIN || pool_threads(c->pool) == 1) {
    c->kernels->pack(p, 0, panels);
    c->kernels->multiply(p, 0, p->m);
    return;
  }
  const int tiles = 1 + (int)(PRODUCT_GRAIN / ((double)rows * p->n * p->k));
  const int panels_at_once = 1 + (int)(GRAIN / ((double)c->kernels->panel_columns * p->k));
  pool_run(c->pool, c->kernels->pack, p, panels, panels_at_once);
  pool_run(c->pool, c->kernels->multiply, p, p->m, rows * tiles);
}

/** One row of C, or a column: see `matrixMultiply` in ../assembly/matrix.ts. */
static void multiply_thin(struct call *c, const struct product *p, float *scratch) {
  const struct kernels *kernels = c->kernels;
  if (p->n == 1) {
    const struct thin_product thin = {
      p->a, p->b, scratch, p->transpose_a ? p->k : p->m, p->transpose_a ? p->m : p->k
    };
    if (p->transpose_a) kernels->weighted_row_sum(&thin);
    else kernels->row_dots(&thin, 0, thin.rows);
    // A column's bias is one number.
    kernels->finish(scratch, 1, p->bias, p, 0, p->m);
    return;
  }
  for (int row = 0; row < p->m; row++) {
    const struct thin_product thin = {
      p->b, p->a + (size_t)row * p->k, scratch, p->transpose_b ? p->n : p->k, p->transpose_b ? p->k : p->n
    };
    if (p->transpose_b) kernels->row_dots(&thin, 0, thin.rows);
    else kernels->weighted_row_sum(&thin);
    kernels->finish(scratch, 0, p->bias, p, row, 1);
  }
}

static napi_value matrix_multiply(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "matrixMultiply", 13)) return NULL;
  const int m = count_of(&c, 3), n = count_of(&c, 4), k = count_of(&c, 5);
  struct product p = {.m = m, .n = n, .k = k};
  p.a = block(&c, 0, m, k);
  p.b = block(&c, 1, k, n);
  p.c = block(&c, 2, m, n);
  p.transpose_a = flag(&c, 6);
  p.transpose_b = flag(&c, 7);
  p.bias = optional(&c, 8, n, 1);
  p.relu = flag(&c, 9);
  p.mask = optional(&c, 10, m, n);
  p.accumulate = flag(&c, 11);
  float *scratch = block(&c, 12, scratch_size(c.kernels, m, n, k), 1);
  if (!c.failed && m > 0 && n > 0) {
    const bool thin = n == 1 || m == 1 || (m <= FEW_ROWS && !p.transpose_a);
    if (thin) multiply_thin(&c, &p, scratch);
    else multiply_packed(&c, &p, scratch);
  }
  return undefined(&c);
}

static napi_value column_sums(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "columnSums", 4)) return NULL;
  struct column_sums p = {.rows = count_of(&c, 2), .columns = count_of(&c, 3)};
  p.matrix = block(&c, 0, p.rows, p.columns);
  p.out = block(&c, 1, p.columns, 1);
  if (!c.failed) c.kernels->column_sums(&p, 0, p.columns);
  return undefined(&c);
}

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

static napi_value nonzero_rows(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "nonzeroRows", 4)) return NULL;
  const int rows = count_of(&c, 2), columns = count_of(&c, 3);
  const float *matrix = block(&c, 0, rows, columns);
  int32_t *numbers = block(&c, 1, rows, 1);
  if (c.failed) return NULL;
  int found = 0;
  for (int row = 0; row < rows; row++) {
    const float *values = matrix + (size_t)row * columns;
    for (int column = 0; column < columns; column++) {
      // True for NaN too.
      if (values[column] != 0) {
        numbers[found++] = row;
        break;
      }
    }
  }
  napi_value result;
  napi_create_int32(env, found, &result);
  return result;
}

/** Row numbers; each must be the number of a row that lies in the memory after `matrix`. */
static const int32_t *row_numbers(struct call *c, int index, int count, const void *matrix, int columns) {
  const int32_t *numbers = block(c, index, count, 1);
  if (c->failed || columns == 0) return numbers;
  const uint64_t rows = (uint64_t)(c->memory + c->size - (const uint8_t *)matrix) / 4 / (uint64_t)columns;
  for (int i = 0; i < count; i++) {
    if (numbers[i] >= 0 && (uint64_t)numbers[i] < rows) continue;
    char message[128];
    snprintf(message, sizeof message, "%s: row number %d does not lie in the memory", c->name, numbers[i]);
    fail(c, message);
    break;
  }
  return numbers;
}

static napi_value gather_rows(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "gatherRows", 5)) return NULL;
  const int count = count_of(&c, 3), columns = count_of(&c, 4);
  const float *matrix = block(&c, 0, 0, 0);
  const int32_t *numbers = row_numbers(&c, 1, count, matrix, columns);
  float *out = block(&c, 2, count, columns);
  if (c.failed) return NULL;
  for (int i = 0; i < count; i++) {
    memcpy(out + (size_t)i * columns, matrix + (size_t)numbers[i] * columns, sizeof(float) * (size_t)columns);
  }
  return undefined(&c);
}

static napi_value add_to_rows(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "addToRows", 5)) return NULL;
  const int count = count_of(&c, 3);
  struct picked_rows p = {.columns = count_of(&c, 4)};
  p.from = block(&c, 0, count, p.columns);
  p.to = block(&c, 2, 0, 0);
  p.numbers = row_numbers(&c, 1, count, p.to, p.columns);
  // On one thread: a row may be named twice.
  if (!c.failed) c.kernels->add_to_rows(&p, 0, count);
  return undefined(&c);
}

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
