// The jobs that kernels do, and the table of the kernels that one instruction set has. Each kernel does the part of its
// job from `from` to `to`, in units that the job's comment names; parts may run on different threads, in any order, and
// the numbers do not depend on how a job is cut.
#ifndef MAXENT_KERNELS_H
#define MAXENT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** See `matrixMultiply` in ../assembly/matrix.ts. Packing: panels of B. Multiplying: rows of C. */
struct product {
  const float *a, *b, *bias, *mask;
  float *c;
  /** B in panels of `panel_columns` columns, k rows each, the last one filled up with zeros. */
  float *panels;
  int m, n, k;
  bool transpose_a, transpose_b, relu, accumulate;
};

/** A product with one row or column, which is not worth packing. Units: elements of C. */
struct thin_product {
  /** m x n: [rows, columns] of `matrix`. */
  const float *matrix, *vector;
  float *out;
  int rows, columns;
};

/** Columns. */
struct column_sums {
  const float *matrix;
  float *out;
  int rows, columns;
};

/** Elements. */
struct activation {
  const float *x, *y;
  float *out;
  int kind;
};

/** Elements. */
struct adam {
  float *parameters, *first_moment, *second_moment;
  const float *gradient;
  float beta1, complement1, beta2, complement2, step_size, root_correction, epsilon;
};

/** Elements. */
struct polyak {
  float *target;
  const float *source;
  float tau;
};

/** Elements. */
struct scaling {
  const float *x;
  float *out;
  float factor;
};

/** Rows. */
struct squashed_gaussian {
  const float *head, *noise, *d_action, *d_raw_action, *d_log_prob;
  float *action, *raw_action, *log_prob, *d_head;
  int actions;
  float minimum, maximum;
};

/** Forward: rows. Gradient: all of it at once. */
struct coupling {
  const float *x, *parameters, *context, *dy, *d_log_determinant;
  float *y, *log_determinant, *hidden_values, *log_scale, *dx, *d_parameters, *d_context, *delta;
  int batch, size, changed, first_changed, hidden, context_stride;
  float maximum;
  bool invert;
};

/** The pass and its sums: columns. The gradient: rows. See ../assembly/batch-normalization.ts. */
struct batch_normalization {
  const float *x, *parameters, *dy;
  float *running, *y, *moments, *sums, *dx;
  int rows, columns;
  float epsilon, rate;
  bool renormalize, relu;
};

/** Rows. The gradient reads z from `x`. See ../assembly/layer-normalization.ts. */
struct layer_normalization {
  float *x;
  const float *parameters, *dy;
  float *y, *inverses, *dx;
  int rows, columns;
  float epsilon;
  bool relu;
};

/** Rows of `rows`. */
struct picked_rows {
  const float *from;
  float *to;
  const int32_t *numbers;
  int columns;
};

struct kernels {
  const char *name;
  int panel_columns;
  int tile_rows;
  void (*pack)(const void *product, int from, int to);
  void (*multiply)(const void *product, int from, int to);
  /** out[i] = sum_j matrix[i, j] vector[j]; units are rows. */
  void (*row_dots)(const void *thin_product, int from, int to);
  /** out[j] = sum_i vector[i] matrix[i, j]; all columns. */
  void (*weighted_row_sum)(const struct thin_product *);
  /** C (+)= mask(relu(block + bias)) for some rows; `block` has `block_stride` floats from row to row, `bias` is one row. */
  void (*finish)(const float *block, int block_stride, const float *bias, const struct product *, int row, int rows);
  void (*column_sums)(const void *column_sums, int from, int to);
  void (*activate)(const void *activation, int from, int to);
  void (*activation_gradient)(const void *activation, int from, int to);
  void (*adam)(const void *adam, int from, int to);
  void (*polyak)(const void *polyak, int from, int to);
  void (*scale)(const void *scaling, int from, int to);
  double (*sum_of_squares)(const float *x, int count);
  void (*squashed_gaussian)(const void *squashed_gaussian, int from, int to);
  void (*squashed_gaussian_gradient)(const void *squashed_gaussian, int from, int to);
  void (*coupling)(const void *coupling, int from, int to);
  void (*coupling_gradient)(const struct coupling *);
  void (*batch_normalization)(const void *batch_normalization, int from, int to);
  void (*batch_normalization_sums)(const void *batch_normalization, int from, int to);
  void (*batch_normalization_gradient)(const void *batch_normalization, int from, int to);
  void (*layer_normalization)(const void *layer_normalization, int from, int to);
  void (*layer_normalization_gradient)(const void *layer_normalization, int from, int to);
  void (*add_to_rows)(const void *picked_rows, int from, int to);
  /** See peak.h. */
  int round_operations;
  float (*multiply_adds)(int rounds);
};

extern const struct kernels kernels_avx512, kernels_avx2, kernels_neon;

#endif
