// Four float32 lanes at a time. Compiled twice: `relaxed-simd` adds fused multiply-add, which halves the arithmetic.

/** sum + a * b, rounded once where the engine has relaxed SIMD and twice elsewhere. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** Byte offset of float32 element `index`. */
// @ts-ignore: decorator
@inline
export function at(index: i32): usize {
  return (<usize>index) << 2;
}

/** lane 0 + lane 1 + lane 2 + lane 3. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

// The compiler would inline these two everywhere, which takes a third of the module, if they did not call themselves.

/** Loads the first `count` (1 to 3) lanes and sets the others to zero. */
export function loadPartial(address: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(address);
  const others = loadPartial(address + 4, count - 1);
  return v128.load_lane<f32>(address, v128.shuffle<f32>(others, others, 3, 0, 1, 2), 0);
}

/** Stores the first `count` (1 to 3) lanes. */
export function storePartial(address: usize, value: v128, count: i32): void {
  v128.store_lane<f32>(address, value, 0);
  if (count > 1) storePartial(address + 4, v128.shuffle<f32>(value, value, 1, 2, 3, 0), count - 1);
}

/** Loads the first min(count, 4) lanes and sets the others to zero. */
// @ts-ignore: decorator
@inline
export function loadUpTo4(address: usize, count: i32): v128 {
  return count >= 4 ? v128.load(address) : loadPartial(address, count);
}

/** Stores the first min(count, 4) lanes. */
// @ts-ignore: decorator
@inline
export function storeUpTo4(address: usize, value: v128, count: i32): void {
  if (count >= 4) v128.store(address, value);
  else storePartial(address, value, count);
}

/** `count` rounded up to whole vectors of 4 lanes. */
// @ts-ignore: decorator
@inline
export function padded(count: i32): i32 {
  return (count + 3) & ~3;
}

/** All ones in the first min(count, 4) lanes, zeros in the others. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}
