// As many multiply-adds per second as there can be: what the products are measured against.
#ifndef MAXENT_PEAK_H
#define MAXENT_PEAK_H

#include "kernels.h"
#include "vector.h"

/** Chains that do not wait for each other; enough to hide the latency of two units. */
#define CHAINS 12

/** Multiply-adds of one round. */
#define ROUND_OPERATIONS (CHAINS * LANES)

/** Does so many rounds in registers alone; the sum is returned so that the work is not left out. */
static float multiply_adds(int rounds) {
  v sums[CHAINS];
  for (int i = 0; i < CHAINS; i++) sums[i] = v_splat((float)i);
  const v factor = v_splat(0.5f), term = v_splat(0.25f);
  for (int round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < CHAINS; i++) sums[i] = v_fma(sums[i], factor, term);
  }
  v total = sums[0];
  for (int i = 1; i < CHAINS; i++) total = total + sums[i];
  float lanes[LANES];
  v_store(lanes, total);
  return lanes[0];
}

#endif
