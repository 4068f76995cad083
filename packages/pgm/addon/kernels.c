// All kernels for one instruction set. Compiled once per set, with KERNELS the name of its table and KERNELS_NAME the
// set's name; -ffp-contract=off, because plain JavaScript and WebAssembly round every product.
#include "sweep.h"

const struct kernels KERNELS = {
  .name = KERNELS_NAME,
  .sweep = sweep,
  .weigh = weigh,
};
