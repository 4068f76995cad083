// Random numbers, the same to the last bit as those of `Rng.fillNormal` and `Rng.fillUniform` in @maxent/core:
// Philox4x32-10, and for normal numbers the ziggurat method in Doornik's form. Only + - * /, sqrt and exact bit operations
// on float64.
import { at } from './vector';

const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_1: u32 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const SQRT2: f64 = 1.4142135623730951;

const STRIPS: i32 = 128;
const TAIL_START: f64 = 3.442619855899;

/** Words that `refill` computes at a time. */
const WORDS: i32 = 16;

// One stream at a time.
let key0: u32 = 0;
let key1: u32 = 0;
/** Number of the word that is next. */
let drawn: u64 = 0;
/** Where words lie whose numbers differ in their last four bits alone. */
let words: usize = 0;

/** The four blocks, of four words each, that hold word number `drawn`. */
function refill(): void {
  const first = (drawn & ~(<u64>(WORDS - 1))) >> 2;
  let c0 = i32x4.add(i32x4.splat(<i32>first), i32x4(0, 1, 2, 3));
  // The number of the first block is a multiple of four: none of the others carries into the second word.
  let c1 = i32x4.splat(<i32>(first >> 32));
  let c2 = i32x4.splat(0);
  let c3 = c2;
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m1 = i32x4.splat(MULTIPLIER_1);
  const w0 = i32x4.splat(WEYL_0);
  const w1 = i32x4.splat(WEYL_1);
  for (let round = 0; round < 10; round++) {
    // Products of 64 bits, of two blocks each.
    const a = i64x2.extmul_low_i32x4_u(c0, m0), b = i64x2.extmul_high_i32x4_u(c0, m0);
    const c = i64x2.extmul_low_i32x4_u(c2, m1), d = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(c, d, 1, 3, 5, 7), c1), k0);
    c1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), c3), k1);
    c3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
    k0 = i32x4.add(k0, w0);
    k1 = i32x4.add(k1, w1);
  }
  const c01Low = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
  const c01High = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
  const c23Low = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const c23High = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  v128.store(words, v128.shuffle<i32>(c01Low, c23Low, 0, 1, 4, 5));
  v128.store(words, v128.shuffle<i32>(c01Low, c23Low, 2, 3, 6, 7), 16);
  v128.store(words, v128.shuffle<i32>(c01High, c23High, 0, 1, 4, 5), 32);
  v128.store(words, v128.shuffle<i32>(c01High, c23High, 2, 3, 6, 7), 48);
}

// @ts-ignore: decorator
@inline
function word(): u32 {
  const index = <i32>drawn & (WORDS - 1);
  if (index == 0) refill();
  drawn++;
  return load<u32>(words + at(index));
}

/** A number in [0, 1) with 53 random bits. */
// @ts-ignore: decorator
@inline
function uniform(): f64 {
  const upper = <f64>(word() >> 5);
  const lower = <f64>(word() >> 6);
  return (upper * 67108864 + lower) / 9007199254740992;
}

/** `portableExp` of @maxent/core. */
function exponential(x: f64): f64 {
  const octaves = floor<f64>(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const r = x - octaves * LN2_HIGH - octaves * LN2_LOW;
  let sum: f64 = 1;
  for (let k: f64 = 16; k >= 1; k--) sum = 1 + (r / k) * sum;
  return sum * reinterpret<f64>((<i64>octaves + 1023) << 52);
}

/** `portableLog` of @maxent/core. */
function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = <f64>((bits >> 52) - 1023);
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  let sum: f64 = 0;
  for (let k: f64 = 12; k >= 0; k--) sum = sum * s2 + 1 / (2 * k + 1);
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum);
}

/** A number beyond TAIL_START. */
function tail(negative: bool): f64 {
  while (true) {
    const x = logarithm(1 - uniform()) / TAIL_START;
    const y = logarithm(1 - uniform());
    if (-2 * y >= x * x) return negative ? x - TAIL_START : TAIL_START - x;
  }
}

/** A number for which the strip's inner part does not hold: NaN for none, to be drawn anew. */
function beyondInnerPart(u: f64, strip: i32, edges: usize): f64 {
  if (strip == 0) return tail(u < 0);
  const edge = load<f64>(edges + ((<usize>strip) << 3));
  const next = load<f64>(edges + ((<usize>strip) << 3), 8);
  const x = u * edge;
  const outer = exponential(-0.5 * (edge * edge - x * x));
  const inner = exponential(-0.5 * (next * next - x * x));
  return inner + uniform() * (outer - inner) < 1 ? x : NaN;
}

/** Goes to the stream of this key of which `position` words have been drawn; `scratch` has WORDS words. */
function begin(firstKey: u32, secondKey: u32, position: f64, scratch: usize): void {
  key0 = firstKey;
  key1 = secondKey;
  drawn = <u64>position;
  words = scratch;
  if (drawn & (WORDS - 1)) refill();
}

/**
 * Fills `out` with `count` standard normal numbers of the stream of the given key of which `position` words have been
 * drawn, and returns how many more it drew. `tables` holds, in float64, the STRIPS + 1 edges of the ziggurat's strips and
 * then, for each of STRIPS, the fraction of its width that lies under the next; `scratch` has WORDS words.
 */
export function fillNormal(
  out: usize, count: i32, firstKey: u32, secondKey: u32, position: f64, tables: usize, scratch: usize,
): f64 {
  begin(firstKey, secondKey, position, scratch);
  const innerFractions = tables + ((STRIPS + 1) << 3);
  for (let i = 0; i < count; i++) {
    let x: f64;
    do {
      const u = 2 * uniform() - 1;
      const strip = <i32>word() & (STRIPS - 1);
      const offset = (<usize>strip) << 3;
      x = abs<f64>(u) < load<f64>(innerFractions + offset)
        ? u * load<f64>(tables + offset)
        : beyondInnerPart(u, strip, tables);
    } while (x != x);
    store<f32>(out + at(i), <f32>x);
  }
  return <f64>drawn - position;
}

/** The same with uniform numbers in [low, high), those of `Rng.fillUniform`. */
export function fillUniform(
  out: usize, count: i32, low: f64, high: f64, firstKey: u32, secondKey: u32, position: f64, scratch: usize,
): f64 {
  begin(firstKey, secondKey, position, scratch);
  for (let i = 0; i < count; i++) store<f32>(out + at(i), <f32>(low + uniform() * (high - low)));
  return <f64>drawn - position;
}
