// Arguments that are float32 numbers, or int32.
#ifndef MAXENT_BLOCKS_H
#define MAXENT_BLOCKS_H

#include "call.h"

/** Elements of a piece: less than this is not worth another thread. */
#define GRAIN 16384

static float single(struct call *c, int index) { return (float)number(c, index); }

/** Rows times columns values of four bytes at an address. NULL, after an error, if they do not lie in the memory. */
static void *block(struct call *c, int index, uint64_t rows, uint64_t columns) {
  // No product of three sizes below 2^31 occurs.
  return values(c, index, rows * columns, 4);
}

/** The same where 0 leaves the argument out. */
static void *optional(struct call *c, int index, uint64_t rows, uint64_t columns) {
  return number(c, index) == 0 ? NULL : block(c, index, rows, columns);
}

#endif
