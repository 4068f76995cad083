// The kernels, and the table of them that one instruction set has.
#ifndef MAXENT_KERNELS_H
#define MAXENT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Numbers from an address on, of which the sweep writes none. */
struct words {
  const uint32_t *at;
  size_t count;
};
struct numbers {
  const double *at;
  size_t count;
};

/** See `sweep` in ../assembly/sweep.ts. */
struct sweep {
  /** The WebAssembly memory, into which `columns` are addresses, with the tables of ../assembly/tables.ts at its start. */
  const uint8_t *memory;
  size_t size;
  const uint8_t *kinds;
  struct words offsets, runs, patterns, columns;
  struct numbers probs;
  const double *rewards;
  double *out;
  /** Room for [actions, `stride`] numbers, and `stride` is at least `block` + GROUP. */
  double *terms;
  size_t stride;
  int states, actions, block;
  bool exact, hard;
  double discount, temperature, shift, maximum, end;
  /** The exact value of a state whose sum underflows. */
  double (*exact_value)(void *context, int state);
  void *context;
};

/** States whose rewards lie together. No vector has more lanes. */
#define GROUP 8
/** Sums of more exponentials may have no entry in the table of logarithms. */
#define MOST_ACTIONS 8
/** Where the tables of ../assembly/tables.ts end, in bytes. An index that comes from NaN stays below twice that. */
#define TABLES_END 17072

struct kernels {
  const char *name;
  /** Returns NULL, or what is wrong with a number in the memory. */
  const char *(*sweep)(const struct sweep *);
  /** See `weigh` in ../assembly/sweep.ts; `tables` are those at the start of the memory. */
  void (*weigh)(const double *tables, double *values, int count, double maximum, double inverse);
};

extern const struct kernels kernels_avx512, kernels_avx2, kernels_neon;

#endif
