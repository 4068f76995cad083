// Which of the compiled kernels this processor runs.
#ifndef MAXENT_PROCESSOR_H
#define MAXENT_PROCESSOR_H

#include "kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>

/** The vector state that the operating system saves: register XCR0. */
static uint64_t saved_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

/** The kernels that run here, best first, ended by NULL. */
static void find_kernels(const struct kernels *found[3]) {
  unsigned a, b, c, d;
  int count = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) && (c & bit_OSXSAVE) != 0) {
    const bool fused = (c & bit_FMA) != 0;
    const uint64_t saved = saved_state();
    if (fused && (saved & 0x06) == 0x06 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_AVX2) != 0) {
      if ((b & bit_AVX512F) != 0 && (saved & 0xe6) == 0xe6) found[count++] = &kernels_avx512;
      found[count++] = &kernels_avx2;
    }
  }
  found[count] = NULL;
}
#elif defined(__aarch64__)
static void find_kernels(const struct kernels *found[3]) {
  found[0] = &kernels_neon;
  found[1] = NULL;
}
#else
static void find_kernels(const struct kernels *found[3]) { found[0] = NULL; }
#endif

#endif
