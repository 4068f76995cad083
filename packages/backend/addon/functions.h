// Elementary functions: those of ../assembly/functions.ts, operation for operation. Included once per vector type, with
// VECTOR the type and F(name) its functions' names.

/** Shared part of exp and expm1: x = n log 2 + r with |r| <= log(2) / 2; lanes of exp(r) - 1. */
INLINE VECTOR F(exponential_remainder)(VECTOR x, VECTOR n) {
  // log 2 in two parts, the first with so few digits that n times it is exact.
  VECTOR r = x - n * F(splat)(0.693359375f);
  r = r + n * F(splat)(2.12194440e-4f);
  // Minimax polynomial of the Cephes library's expf (S. Moshier).
  VECTOR p = F(splat)(1.9875691500e-4f);
  p = F(fma)(p, r, F(splat)(1.3981999507e-3f));
  p = F(fma)(p, r, F(splat)(8.3334519073e-3f));
  p = F(fma)(p, r, F(splat)(4.1665795894e-2f));
  p = F(fma)(p, r, F(splat)(1.6666665459e-1f));
  p = F(fma)(p, r, F(splat)(5.0000001201e-1f));
  return F(fma)(p, r * r, r);
}

/** The range in which both exp(x) and the power of two are normal numbers. */
INLINE VECTOR F(clamp_exponent)(VECTOR x) {
  return F(at_most)(F(at_least)(x, F(splat)(-87.3365447f)), F(splat)(88.3762626f));
}

/** exp(x); outside [-87.3, 88.3] the value at the nearer end. */
INLINE VECTOR F(exponential)(VECTOR x) {
  x = F(clamp_exponent)(x);
  VECTOR n = F(nearest)(x * F(splat)(1.44269504f));
  VECTOR scale = F(power_of_two)(n);
  return F(fma)(scale, F(exponential_remainder)(x, n), scale);
}

/** exp(x) - 1, accurate for small x too. */
INLINE VECTOR F(exponential_minus_one)(VECTOR x) {
  x = F(clamp_exponent)(x);
  VECTOR n = F(nearest)(x * F(splat)(1.44269504f));
  VECTOR scale = F(power_of_two)(n);
  return F(fma)(scale, F(exponential_remainder)(x, n), scale - F(splat)(1));
}

/** tanh x: a polynomial near 0, 1 - 2 / (exp(2 |x|) + 1) with the sign of x elsewhere. */
INLINE VECTOR F(tanh)(VECTOR x) {
  VECTOR magnitude = F(abs)(x);
  VECTOR tail = F(splat)(1) - F(splat)(2) / (F(exponential)(magnitude + magnitude) + F(splat)(1));
  // Polynomial of the Cephes library's tanhf (S. Moshier).
  VECTOR square = x * x;
  VECTOR p = F(splat)(-5.70498872745e-3f);
  p = F(fma)(p, square, F(splat)(2.06390887954e-2f));
  p = F(fma)(p, square, F(splat)(-5.37397155531e-2f));
  p = F(fma)(p, square, F(splat)(1.33314422036e-1f));
  p = F(fma)(p, square, F(splat)(-3.33332819422e-1f));
  VECTOR near = F(fma)(p * square, x, x);
  return F(if_less)(magnitude, F(splat)(0.625f), near, F(with_sign_of)(tail, x));
}

/** softplus x = log(1 + exp x) = max(x, 0) + log(1 + t), t = exp(-|x|). */
INLINE VECTOR F(softplus)(VECTOR x) {
  VECTOR t = F(exponential)(F(splat)(-0.0f) - F(abs)(x));
  // log(1 + t) = 2 artanh(s), s = t / (2 + t) <= 1/3: seven terms of the series leave less than 1e-8.
  VECTOR s = t / (t + F(splat)(2));
  VECTOR square = s * s;
  VECTOR p = F(splat)(1.0f / 15);
  p = F(fma)(p, square, F(splat)(1.0f / 13));
  p = F(fma)(p, square, F(splat)(1.0f / 11));
  p = F(fma)(p, square, F(splat)(1.0f / 9));
  p = F(fma)(p, square, F(splat)(1.0f / 7));
  p = F(fma)(p, square, F(splat)(1.0f / 5));
  p = F(fma)(p, square, F(splat)(1.0f / 3));
  p = F(fma)(p, square, F(splat)(1));
  return F(fma)(s + s, p, F(relu)(x));
}
