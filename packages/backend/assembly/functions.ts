// Elementary functions of four float32 lanes, accurate to about 2 units in the last place. NaN stays NaN.
import { multiplyAdd } from './vector';

// @ts-ignore: decorator
@inline
function constant(value: f32): v128 {
  return f32x4.splat(value);
}

/** The part that exp and expm1 share: x = n log 2 + r with |r| <= log(2) / 2; returns exp(r) - 1 per lane. */
// @ts-ignore: decorator
@inline
function exponentialRemainder(x: v128, n: v128): v128 {
  // log 2 in two parts, the first with so few digits that n times it is exact.
  let r = f32x4.sub(x, f32x4.mul(n, constant(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, constant(2.12194440e-4)));
  // Minimax polynomial of the Cephes library's expf (S. Moshier).
  let p = constant(1.9875691500e-4);
  p = multiplyAdd(constant(1.3981999507e-3), p, r);
  p = multiplyAdd(constant(8.3334519073e-3), p, r);
  p = multiplyAdd(constant(4.1665795894e-2), p, r);
  p = multiplyAdd(constant(1.6666665459e-1), p, r);
  p = multiplyAdd(constant(5.0000001201e-1), p, r);
  return multiplyAdd(r, p, f32x4.mul(r, r));
}

/** 2^n for whole n in [-126, 127], by writing the exponent bits. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}

/** The range in which both exp(x) and the power of two are normal numbers. */
// @ts-ignore: decorator
@inline
function clampExponent(x: v128): v128 {
  return f32x4.min(f32x4.max(x, constant(-87.3365447)), constant(88.3762626));
}

/** exp(x), clamped: outside [-87.3, 88.3] it is the value at the nearer end. */
export function exponential(x: v128): v128 {
  x = clampExponent(x);
  const n = f32x4.nearest(f32x4.mul(x, constant(1.44269504)));
  const scale = powerOfTwo(n);
  return multiplyAdd(scale, scale, exponentialRemainder(x, n));
}

/** exp(x) - 1, accurate for small x too. */
export function exponentialMinusOne(x: v128): v128 {
  x = clampExponent(x);
  const n = f32x4.nearest(f32x4.mul(x, constant(1.44269504)));
  const scale = powerOfTwo(n);
  return multiplyAdd(f32x4.sub(scale, constant(1)), scale, exponentialRemainder(x, n));
}

/** tanh x: a polynomial near 0, 1 - 2 / (exp(2 |x|) + 1) with the sign of x elsewhere. */
export function hyperbolicTangent(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const tail = f32x4.sub(
    constant(1),
    f32x4.div(constant(2), f32x4.add(exponential(f32x4.add(magnitude, magnitude)), constant(1))),
  );
  const signed = v128.or(tail, v128.and(x, f32x4.splat(-0.0)));
  // Polynomial of the Cephes library's tanhf (S. Moshier).
  const square = f32x4.mul(x, x);
  let p = constant(-5.70498872745e-3);
  p = multiplyAdd(constant(2.06390887954e-2), p, square);
  p = multiplyAdd(constant(-5.37397155531e-2), p, square);
  p = multiplyAdd(constant(1.33314422036e-1), p, square);
  p = multiplyAdd(constant(-3.33332819422e-1), p, square);
  const near = multiplyAdd(x, f32x4.mul(p, square), x);
  return v128.bitselect(near, signed, f32x4.lt(magnitude, constant(0.625)));
}

/** softplus x = log(1 + exp x) = max(x, 0) + log(1 + t), t = exp(-|x|). */
export function softplus(x: v128): v128 {
  const t = exponential(f32x4.neg(f32x4.abs(x)));
  // log(1 + t) = 2 artanh(s), s = t / (2 + t) <= 1/3: seven terms of the series leave less than 1e-8.
  const s = f32x4.div(t, f32x4.add(t, constant(2)));
  const square = f32x4.mul(s, s);
  let p = constant(1.0 / 15);
  p = multiplyAdd(constant(1.0 / 13), p, square);
  p = multiplyAdd(constant(1.0 / 11), p, square);
  p = multiplyAdd(constant(1.0 / 9), p, square);
  p = multiplyAdd(constant(1.0 / 7), p, square);
  p = multiplyAdd(constant(1.0 / 5), p, square);
  p = multiplyAdd(constant(1.0 / 3), p, square);
  p = multiplyAdd(constant(1), p, square);
  return multiplyAdd(f32x4.max(x, constant(0)), f32x4.add(s, s), p);
}

/** log x of a positive normal number. */
export function logarithm(x: v128): v128 {
  const bits = i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(127));
  let mantissa = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f800000));
  // x = 2^n (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
  const large = f32x4.gt(mantissa, constant(1.41421356));
  mantissa = v128.bitselect(f32x4.mul(mantissa, constant(0.5)), mantissa, large);
  const n = f32x4.convert_i32x4_s(i32x4.sub(bits, large));
  const f = f32x4.sub(mantissa, constant(1));
  const square = f32x4.mul(f, f);
  // Polynomial of the Cephes library's logf (S. Moshier).
  let p = constant(7.0376836292e-2);
  p = multiplyAdd(constant(-1.1514610310e-1), p, f);
  p = multiplyAdd(constant(1.1676998740e-1), p, f);
  p = multiplyAdd(constant(-1.2420140846e-1), p, f);
  p = multiplyAdd(constant(1.4249322787e-1), p, f);
  p = multiplyAdd(constant(-1.6668057665e-1), p, f);
  p = multiplyAdd(constant(2.0000714765e-1), p, f);
  p = multiplyAdd(constant(-2.4999993993e-1), p, f);
  p = multiplyAdd(constant(3.3333331174e-1), p, f);
  // log 2 in two parts, as in `exponentialRemainder`.
  let tail = f32x4.mul(f32x4.mul(p, f), square);
  tail = f32x4.sub(tail, f32x4.mul(n, constant(2.12194440e-4)));
  tail = f32x4.sub(tail, f32x4.mul(square, constant(0.5)));
  const result = f32x4.add(f32x4.add(f, tail), f32x4.mul(n, constant(0.693359375)));
  return v128.bitselect(result, x, f32x4.eq(x, x));
}

/** log(1 - tanh(u)^2) = 2 (log 2 - |u| - softplus(-2 |u|)), which neither overflows nor cancels. */
export function logSlopeOfTanh(u: v128): v128 {
  const magnitude = f32x4.abs(u);
  const fold = f32x4.sub(
    f32x4.sub(constant(0.693147180559945), magnitude), softplus(f32x4.mul(magnitude, constant(-2))),
  );
  return f32x4.add(fold, fold);
}

/** log(exp a + exp b) of finite numbers. */
export function logAddExp(a: v128, b: v128): v128 {
  return f32x4.add(a, softplus(f32x4.sub(b, a)));
}
