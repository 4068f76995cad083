// exp and log of two numbers at a time, operation for operation as src/numerics computes them, so that results are equal
// to the last bit. The tables lie at the start of the memory, where src/kernels/instance.ts writes them.

/** Addresses of 64 `POWERS`, `RECIPROCALS` and `LOGARITHMS` of src/numerics, of `CONSTANTS`, and where other data may begin. */
export const POWERS: usize = 0;
export const RECIPROCALS: usize = 512;
export const LOGARITHMS: usize = 8720;
export const CONSTANTS: usize = 16928;
export const TABLES_END: usize = 17072;

/** The smallest argument of `tableExp`. */
export const LEAST_EXPONENT: f64 = -60.0;

// The constants of both series, in the order of src/kernels/instance.ts. They are read from memory, because V8 builds a
// vector constant anew, in four instructions, wherever it is used.
const ONE: usize = 0;
const HALF: usize = 8;
const STEPS_PER_NAT: usize = 16;
const NATS_PER_STEP: usize = 24;
/** 2^52 and 2^49: the low bits of a sum with them are the integer that is added, and eight times it. */
const INTEGER: usize = 32;
const EIGHTHS: usize = 136;
const CELLS: usize = 40;
const INVERSE_6: usize = 48;
const INVERSE_24: usize = 56;
const INVERSE_120: usize = 64;
const MINUS_HALF: usize = 72;
const INVERSE_3: usize = 80;
const MINUS_QUARTER: usize = 88;
const INVERSE_5: usize = 96;
const MINUS_INVERSE_6: usize = 104;
const LN2: usize = 112;
const INTEGER_AND_BIAS: usize = 120;
const LEAST: usize = 128;

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load64_splat(CONSTANTS + offset);
}

/** max(x, LEAST_EXPONENT). */
// @ts-ignore: decorator
@inline
export function atLeast(x: v128): v128 {
  return f64x2.pmax(x, constant(LEAST));
}

/** No index of NaN reads past the memory, which has at least two pages. */
const INDEX_BYTES: i32 = 0xfff8;

// @ts-ignore: decorator
@inline
function entriesOf(table: usize, cells: v128): v128 {
  const bytes = f64x2.add(cells, constant(EIGHTHS));
  const first = <usize>(i32x4.extract_lane(bytes, 0) & INDEX_BYTES);
  const second = <usize>(i32x4.extract_lane(bytes, 2) & INDEX_BYTES);
  return v128.load_lane<f64>(table + second, v128.load64_zero(table + first), 1);
}

// @ts-ignore: decorator
@inline
function cellsOf(x: v128): v128 {
  return f64x2.floor(f64x2.sub(constant(HALF), f64x2.mul(x, constant(STEPS_PER_NAT))));
}

/** exp(x + cell log(2) / 64). */
// @ts-ignore: decorator
@inline
function remainderExp(x: v128, cell: v128): v128 {
  const r = f64x2.add(x, f64x2.mul(cell, constant(NATS_PER_STEP)));
  const r2 = f64x2.mul(r, r);
  const inner = f64x2.add(constant(INVERSE_24), f64x2.mul(r, constant(INVERSE_120)));
  const outer = f64x2.add(constant(HALF), f64x2.mul(r, constant(INVERSE_6)));
  return f64x2.add(f64x2.add(constant(ONE), r), f64x2.mul(r2, f64x2.add(outer, f64x2.mul(r2, inner))));
}

/**
 * exp(x) for -700 <= x <= 0, as `tableExp` of src/numerics computes it for its arguments. Entry i of its table is entry
 * i mod 64 divided by a power of 2, so the first 64 are enough and stay in the first-level cache.
 */
// @ts-ignore: decorator
@inline
export function tableExp(x: v128): v128 {
  const cells = cellsOf(x);
  const bytes = f64x2.add(cells, constant(EIGHTHS));
  const first = <usize>(i32x4.extract_lane(bytes, 0) & 504);
  const second = <usize>(i32x4.extract_lane(bytes, 2) & 504);
  const power = v128.load_lane<f64>(POWERS + second, v128.load64_zero(POWERS + first), 1);
  // Subtracting from the bits of the exponent divides by powers of 2.
  const halvings = i64x2.shl(i64x2.shr_u(bytes, 9), 52);
  return i64x2.sub(f64x2.mul(power, remainderExp(x, cells)), halvings);
}

/** log x for 1 <= x <= 8, as `logOfSum` of src/numerics. */
// @ts-ignore: decorator
@inline
export function logOfSum(x: v128): v128 {
  const cells = f64x2.floor(f64x2.add(f64x2.mul(x, constant(CELLS)), constant(HALF)));
  const r = f64x2.sub(f64x2.mul(x, entriesOf(RECIPROCALS, cells)), constant(ONE));
  let series = f64x2.add(constant(INVERSE_5), f64x2.mul(r, constant(MINUS_INVERSE_6)));
  series = f64x2.add(constant(MINUS_QUARTER), f64x2.mul(r, series));
  series = f64x2.add(constant(INVERSE_3), f64x2.mul(r, series));
  series = f64x2.add(constant(MINUS_HALF), f64x2.mul(r, series));
  series = f64x2.add(constant(ONE), f64x2.mul(r, series));
  return f64x2.add(entriesOf(LOGARITHMS, cells), f64x2.mul(r, series));
}

/** log x for normal numbers x, accurate to a few units in the last place of |log x| + 1. */
// @ts-ignore: decorator
@inline
export function wideLog(x: v128): v128 {
  const exponents = f64x2.sub(
    v128.or(i64x2.shr_u(x, 52), constant(INTEGER)),
    constant(INTEGER_AND_BIAS),
  );
  const significands = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), constant(ONE));
  return f64x2.add(f64x2.mul(exponents, constant(LN2)), logOfSum(significands));
}
