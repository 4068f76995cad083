// Float32 vectors of the instruction set that this file is compiled for: `v` of LANES lanes, and `q` of four, for sums
// that must have the four partial sums of the WebAssembly kernels. + - * / work on both.
#ifndef MAXENT_VECTOR_H
#define MAXENT_VECTOR_H

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>

typedef __m128 q;

INLINE q q_load(const float *p) { return _mm_loadu_ps(p); }
INLINE void q_store(float *p, q x) { _mm_storeu_ps(p, x); }
INLINE q q_splat(float x) { return _mm_set1_ps(x); }
INLINE q q_fma(q a, q b, q sum) { return _mm_fmadd_ps(a, b, sum); }
INLINE q q_sqrt(q x) { return _mm_sqrt_ps(x); }
INLINE q q_nearest(q x) { return _mm_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE q q_abs(q x) { return _mm_andnot_ps(_mm_set1_ps(-0.0f), x); }
INLINE q q_with_sign_of(q magnitude, q x) { return _mm_or_ps(magnitude, _mm_and_ps(x, _mm_set1_ps(-0.0f))); }
INLINE q q_if_greater(q x, q limit, q yes, q no) { return _mm_blendv_ps(no, yes, _mm_cmp_ps(x, limit, _CMP_GT_OQ)); }
INLINE q q_if_less(q x, q limit, q yes, q no) { return _mm_blendv_ps(no, yes, _mm_cmp_ps(x, limit, _CMP_LT_OQ)); }
INLINE q q_if_within(q x, q low, q high, q yes, q no) {
  return _mm_blendv_ps(no, yes, _mm_and_ps(_mm_cmp_ps(x, low, _CMP_GE_OQ), _mm_cmp_ps(x, high, _CMP_LE_OQ)));
}
// The second operand is the result where one is NaN.
INLINE q q_at_least(q x, q limit) { return _mm_max_ps(limit, x); }
INLINE q q_at_most(q x, q limit) { return _mm_min_ps(limit, x); }
INLINE q q_relu(q x) { return _mm_and_ps(x, _mm_cmp_ps(x, _mm_setzero_ps(), _CMP_NLE_UQ)); }
INLINE q q_power_of_two(q n) {
  return _mm_castsi128_ps(_mm_slli_epi32(_mm_add_epi32(_mm_cvttps_epi32(n), _mm_set1_epi32(127)), 23));
}
INLINE float q_first(q x) { return _mm_cvtss_f32(x); }
INLINE float q_second(q x) { return _mm_cvtss_f32(_mm_movehdup_ps(x)); }
INLINE q q_swap_halves(q x) { return _mm_movehl_ps(x, x); }

#if defined(__AVX512F__)
#define LANES 16
typedef __m512 v;

INLINE __mmask16 v_first(int count) { return (__mmask16)((1u << count) - 1); }
INLINE v v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE v v_load_part(const float *p, int count) { return _mm512_maskz_loadu_ps(v_first(count), p); }
INLINE void v_store(float *p, v x) { _mm512_storeu_ps(p, x); }
INLINE void v_store_part(float *p, v x, int count) { _mm512_mask_storeu_ps(p, v_first(count), x); }
INLINE v v_splat(float x) { return _mm512_set1_ps(x); }
INLINE v v_fma(v a, v b, v sum) { return _mm512_fmadd_ps(a, b, sum); }
INLINE v v_sqrt(v x) { return _mm512_sqrt_ps(x); }
INLINE v v_nearest(v x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE v v_abs(v x) { return _mm512_abs_ps(x); }
INLINE v v_with_sign_of(v magnitude, v x) {
  __m512i sign = _mm512_and_epi32(_mm512_castps_si512(x), _mm512_set1_epi32((int)0x80000000));
  return _mm512_castsi512_ps(_mm512_or_epi32(_mm512_castps_si512(magnitude), sign));
}
INLINE v v_if_greater(v x, v limit, v yes, v no) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, limit, _CMP_GT_OQ), no, yes);
}
INLINE v v_if_less(v x, v limit, v yes, v no) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, limit, _CMP_LT_OQ), no, yes);
}
INLINE v v_at_least(v x, v limit) { return _mm512_max_ps(limit, x); }
INLINE v v_at_most(v x, v limit) { return _mm512_min_ps(limit, x); }
INLINE v v_relu(v x) { return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLE_UQ), x); }
INLINE v v_power_of_two(v n) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(_mm512_cvttps_epi32(n), _mm512_set1_epi32(127)), 23));
}
#else
#define LANES 8
typedef __m256 v;

INLINE __m256i v_first(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
INLINE v v_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE v v_load_part(const float *p, int count) { return _mm256_maskload_ps(p, v_first(count)); }
INLINE void v_store(float *p, v x) { _mm256_storeu_ps(p, x); }
INLINE void v_store_part(float *p, v x, int count) { _mm256_maskstore_ps(p, v_first(count), x); }
INLINE v v_splat(float x) { return _mm256_set1_ps(x); }
INLINE v v_fma(v a, v b, v sum) { return _mm256_fmadd_ps(a, b, sum); }
INLINE v v_sqrt(v x) { return _mm256_sqrt_ps(x); }
INLINE v v_nearest(v x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE v v_abs(v x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
INLINE v v_with_sign_of(v magnitude, v x) {
  return _mm256_or_ps(magnitude, _mm256_and_ps(x, _mm256_set1_ps(-0.0f)));
}
INLINE v v_if_greater(v x, v limit, v yes, v no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(x, limit, _CMP_GT_OQ));
}
INLINE v v_if_less(v x, v limit, v yes, v no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(x, limit, _CMP_LT_OQ));
}
INLINE v v_at_least(v x, v limit) { return _mm256_max_ps(limit, x); }
INLINE v v_at_most(v x, v limit) { return _mm256_min_ps(limit, x); }
INLINE v v_relu(v x) { return _mm256_and_ps(x, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NLE_UQ)); }
INLINE v v_power_of_two(v n) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvttps_epi32(n), _mm256_set1_epi32(127)), 23));
}
#endif

#elif defined(__aarch64__)
#include <arm_neon.h>

typedef float32x4_t q;

INLINE q q_load(const float *p) { return vld1q_f32(p); }
INLINE void q_store(float *p, q x) { vst1q_f32(p, x); }
INLINE q q_splat(float x) { return vdupq_n_f32(x); }
INLINE q q_fma(q a, q b, q sum) { return vfmaq_f32(sum, a, b); }
INLINE q q_sqrt(q x) { return vsqrtq_f32(x); }
INLINE q q_nearest(q x) { return vrndnq_f32(x); }
INLINE q q_abs(q x) { return vabsq_f32(x); }
INLINE q q_with_sign_of(q magnitude, q x) {
  uint32x4_t sign = vandq_u32(vreinterpretq_u32_f32(x), vdupq_n_u32(0x80000000));
  return vreinterpretq_f32_u32(vorrq_u32(vreinterpretq_u32_f32(magnitude), sign));
}
INLINE q q_if_greater(q x, q limit, q yes, q no) { return vbslq_f32(vcgtq_f32(x, limit), yes, no); }
INLINE q q_if_less(q x, q limit, q yes, q no) { return vbslq_f32(vcltq_f32(x, limit), yes, no); }
INLINE q q_if_within(q x, q low, q high, q yes, q no) {
  return vbslq_f32(vandq_u32(vcgeq_f32(x, low), vcleq_f32(x, high)), yes, no);
}
INLINE q q_at_least(q x, q limit) { return vmaxq_f32(x, limit); }
INLINE q q_at_most(q x, q limit) { return vminq_f32(x, limit); }
INLINE q q_relu(q x) { return vmaxq_f32(x, vdupq_n_f32(0)); }
INLINE q q_power_of_two(q n) {
  return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23));
}
INLINE float q_first(q x) { return vgetq_lane_f32(x, 0); }
INLINE float q_second(q x) { return vgetq_lane_f32(x, 1); }
INLINE q q_swap_halves(q x) { return vextq_f32(x, x, 2); }

#define LANES 4
typedef q v;
#define v_load q_load
#define v_store q_store
#define v_splat q_splat
#define v_fma q_fma
#define v_sqrt q_sqrt
#define v_nearest q_nearest
#define v_abs q_abs
#define v_with_sign_of q_with_sign_of
#define v_if_greater q_if_greater
#define v_if_less q_if_less
#define v_at_least q_at_least
#define v_at_most q_at_most
#define v_relu q_relu
#define v_power_of_two q_power_of_two
#define v_load_part q_load_part
#define v_store_part q_store_part
#else
#error "kernels.c needs AVX2 with FMA, AVX-512F or 64-bit ARM"
#endif

/** The first `count` (1 to 4) lanes, zeros in the others. */
INLINE q q_load_part(const float *p, int count) {
  if (count == 4) return q_load(p);
  float lanes[4] = {0};
  for (int i = 0; i < count; i++) lanes[i] = p[i];
  return q_load(lanes);
}

INLINE void q_store_part(float *p, q x, int count) {
  if (count == 4) {
    q_store(p, x);
    return;
  }
  float lanes[4];
  q_store(lanes, x);
  for (int i = 0; i < count; i++) p[i] = lanes[i];
}

/** The sum of the lanes, in the order of the WebAssembly kernels. */
INLINE float q_sum(q x) {
  q pairs = x + q_swap_halves(x);
  return q_first(pairs) + q_second(pairs);
}

/** x, but zeros where `mask` is not positive: the derivative of relu, given its value. */
INLINE v v_keep_positive(v x, v mask) { return v_if_greater(mask, v_splat(0), x, v_splat(0)); }

#endif
