// One dense layer for one observation. src/network/workspace.ts lays out its memory.

// @ts-ignore: decorator
@inline
function step(sum: v128, x: v128, weights: usize): v128 {
  return f32x4.add(sum, f32x4.mul(x, v128.load(weights)));
}

/**
 * y = max(x W + b, least), where `least` is 0 for a ReLU layer and -Infinity for a linear one. W lies in panels of 4
 * outputs, each [inputs, 4]; `inputs` and `outputs` are multiples of 4. Four inputs at a time have separate sums, so
 * that no addition waits for the previous one.
 */
export function dense(x: usize, w: usize, b: usize, y: usize, inputs: i32, outputs: i32, least: f32): void {
  const end = x + (<usize>inputs << 2);
  const last = y + (<usize>outputs << 2);
  const floor = f32x4.splat(least);
  while (y < last) {
    let sum0 = v128.load(b);
    let sum1 = f32x4.splat(0);
    let sum2 = sum1;
    let sum3 = sum1;
    for (let at = x; at < end; at += 16) {
      sum0 = step(sum0, v128.load32_splat(at), w);
      sum1 = step(sum1, v128.load32_splat(at, 4), w + 16);
      sum2 = step(sum2, v128.load32_splat(at, 8), w + 32);
      sum3 = step(sum3, v128.load32_splat(at, 12), w + 48);
      w += 64;
    }
    v128.store(y, f32x4.max(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)), floor));
    b += 16;
    y += 16;
  }
}
