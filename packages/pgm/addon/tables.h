// exp and log, operation for operation as ../assembly/tables.ts computes them, with its tables at the start of the memory.
#ifndef MAXENT_TABLES_H
#define MAXENT_TABLES_H

#include "kernels.h"
#include "vector.h"

/** Places in the memory, in numbers. */
#define POWERS 0
#define RECIPROCALS 64
#define LOGARITHMS 1090

#define LN2 0.6931471805599453
#define LEAST_EXPONENT (-60.0)
/** The low bits of a sum with it are the integer that is added. */
#define INTEGER 0x1p52

/** exp(x) for -700 <= x <= 0. */
INLINE v table_exp(const double *tables, v x) {
  const v cells = v_floor(v_splat(0.5) - x * v_splat(64 / LN2));
  const v r = x + cells * v_splat(LN2 / 64);
  const v r2 = r * r;
  const v inner = v_splat(1.0 / 24) + r * v_splat(1.0 / 120);
  const v outer = v_splat(0.5) + r * v_splat(1.0 / 6);
  const v remainder = (v_splat(1) + r) + r2 * (outer + r2 * inner);
  const w integers = (w)(cells + v_splat(INTEGER));
  const v power = v_look_up(tables + POWERS, integers & 63);
  // Subtracting from the bits of the exponent divides by powers of 2.
  return (v)((w)(power * remainder) - (integers >> 6 << 52));
}

/** log x for 1 <= x <= 8. */
INLINE v log_of_sum(const double *tables, v x) {
  const v cells = v_floor(x * v_splat(128) + v_splat(0.5));
  const w indexes = (w)(cells + v_splat(INTEGER)) & 2047;
  const v r = x * v_look_up(tables + RECIPROCALS, indexes) - v_splat(1);
  v series = v_splat(1.0 / 5) + r * v_splat(-1.0 / 6);
  series = v_splat(-1.0 / 4) + r * series;
  series = v_splat(1.0 / 3) + r * series;
  series = v_splat(-1.0 / 2) + r * series;
  series = v_splat(1) + r * series;
  return v_look_up(tables + LOGARITHMS, indexes) + r * series;
}

/** log x for normal numbers x. */
INLINE v wide_log(const double *tables, v x) {
  const v exponents = (v)((w)x >> 52 | (w)v_splat(INTEGER)) - v_splat(INTEGER + 1023);
  const v significands = (v)(((w)x & 0x000fffffffffffff) | (w)v_splat(1));
  return exponents * v_splat(LN2) + log_of_sum(tables, significands);
}

#endif
