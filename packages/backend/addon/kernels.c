// All kernels for one instruction set. Compiled once per set, with KERNELS the name of its table and KERNELS_NAME the
// set's name; -ffp-contract=off, because a multiply-add is fused where the WebAssembly kernels fuse it and nowhere else.
#include <math.h>

#include "batch-normalization.h"
#include "coupling.h"
#include "elementwise.h"
#include "layer-normalization.h"
#include "matrix.h"
#include "peak.h"
#include "squashed-gaussian.h"
#include "thin.h"

const struct kernels KERNELS = {
  .name = KERNELS_NAME,
  .panel_columns = PANEL_COLUMNS,
  .tile_rows = TILE_ROWS,
  .pack = pack,
  .multiply = multiply,
  .row_dots = row_dots,
  .weighted_row_sum = weighted_row_sum,
  .finish = finish,
  .column_sums = column_sums,
  .activate = activate,
  .activation_gradient = activation_gradient,
  .adam = adam,
  .polyak = polyak,
  .scale = scale,
  .sum_of_squares = sum_of_squares,
  .squashed_gaussian = squashed_gaussian,
  .squashed_gaussian_gradient = squashed_gaussian_gradient,
  .coupling = coupling,
  .coupling_gradient = coupling_gradient,
  .batch_normalization = batch_normalization,
  .batch_normalization_sums = batch_normalization_sums,
  .batch_normalization_gradient = batch_normalization_gradient,
  .layer_normalization = layer_normalization,
  .layer_normalization_gradient = layer_normalization_gradient,
  .add_to_rows = add_to_rows,
  .round_operations = ROUND_OPERATIONS,
  .multiply_adds = multiply_adds,
};
