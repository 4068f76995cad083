// Float64 vectors of the instruction set that this file is compiled for: `v` of LANES lanes, and `w` of as many integers.
// + - * work on both, & | << >> on `w`.
#ifndef MAXENT_VECTOR_H
#define MAXENT_VECTOR_H

#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#if defined(__AVX512F__)
#include <immintrin.h>
#define LANES 8
#elif defined(__AVX2__)
#include <immintrin.h>
#define LANES 4
#elif defined(__aarch64__)
#include <arm_neon.h>
#define LANES 2
#else
#error "kernels.c needs AVX2, AVX-512F or 64-bit ARM"
#endif

typedef double v __attribute__((vector_size(8 * LANES)));
typedef uint64_t w __attribute__((vector_size(8 * LANES)));
typedef double unaligned_v __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

INLINE v v_load(const double *p) { return *(const unaligned_v *)p; }
INLINE void v_store(double *p, v x) { *(unaligned_v *)p = x; }
INLINE v v_splat(double x) { return (v){0} + x; }

#if defined(__AVX512F__)
INLINE __mmask8 v_first(int count) { return (__mmask8)((1u << count) - 1); }
INLINE v v_load_part(const double *p, int count) { return _mm512_maskz_loadu_pd(v_first(count), p); }
INLINE void v_store_part(double *p, v x, int count) { _mm512_mask_storeu_pd(p, v_first(count), x); }
/** a < b ? b : a, and b < a ? b : a. */
INLINE v v_larger(v a, v b) { return _mm512_max_pd(b, a); }
INLINE v v_smaller(v a, v b) { return _mm512_min_pd(b, a); }
INLINE v v_floor(v x) { return _mm512_roundscale_pd(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
#elif defined(__AVX2__)
INLINE __m256i v_first(int count) { return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3)); }
INLINE v v_load_part(const double *p, int count) { return _mm256_maskload_pd(p, v_first(count)); }
INLINE void v_store_part(double *p, v x, int count) { _mm256_maskstore_pd(p, v_first(count), x); }
INLINE v v_larger(v a, v b) { return _mm256_max_pd(b, a); }
INLINE v v_smaller(v a, v b) { return _mm256_min_pd(b, a); }
INLINE v v_floor(v x) { return _mm256_floor_pd(x); }
#else
INLINE v v_load_part(const double *p, int count) { return count >= 2 ? v_load(p) : (v){p[0], 0}; }
INLINE void v_store_part(double *p, v x, int count) {
  if (count >= 2) v_store(p, x);
  else p[0] = x[0];
}
INLINE v v_larger(v a, v b) { return (v)vbslq_f64(vcltq_f64(a, b), b, a); }
INLINE v v_smaller(v a, v b) { return (v)vbslq_f64(vcltq_f64(b, a), b, a); }
INLINE v v_floor(v x) { return vrndmq_f64(x); }
#endif

/** `count` numbers, at most LANES; zeros in the other lanes. */
INLINE v v_load_up_to(const double *p, int count) { return count >= LANES ? v_load(p) : v_load_part(p, count); }

INLINE void v_store_up_to(double *p, v x, int count) {
  if (count >= LANES) v_store(p, x);
  else v_store_part(p, x, count);
}

/** The larger number; of 0 and -0 it is 0. */
INLINE v v_max(v a, v b) { return (v)((w)v_larger(a, b) & (w)v_larger(b, a)); }

INLINE v v_if_equal(v x, v y, v yes, v no) {
  const w mask = (w)(x == y);
  return (v)((mask & (w)yes) | (~mask & (w)no));
}

/** Entries of a table. */
INLINE v v_look_up(const double *table, w indexes) {
  v entries;
  for (int i = 0; i < LANES; i++) entries[i] = table[indexes[i]];
  return entries;
}

#endif
