// One dense layer for one observation. What it reads and writes is laid out by src/network/workspace.ts.
import { hyperbolicTangent } from '../../backend/assembly/functions';

// @ts-ignore: decorator
@inline
function step(sum: v128, x: v128, weights: usize): v128 {
  return f32x4.add(sum, f32x4.mul(x, v128.load(weights)));
}

// @ts-ignore: decorator
@inline
function activate(x: v128, activation: i32): v128 {
  if (activation == 1) return f32x4.max(x, f32x4.splat(0));
  if (activation == 2) return hyperbolicTangent(x);
  return x;
}

/**
 * y = activation(x W + b), 0 for none, 1 for max(., 0), 2 for tanh. W lies in panels of 8 outputs, each [inputs, 8];
 * `inputs` is a multiple of 4, `outputs` of 8. Four inputs at a time have sums of their own, so that no addition waits
 * for the one before it.
 */
export function dense(x: usize, w: usize, b: usize, y: usize, inputs: i32, outputs: i32, activation: i32): void {
  const end = x + (<usize>inputs << 2);
  const last = y + (<usize>outputs << 2);
  while (y < last) {
    let low0 = v128.load(b);
    let high0 = v128.load(b, 16);
    let low1 = f32x4.splat(0);
    let high1 = low1;
    let low2 = low1;
    let high2 = low1;
    let low3 = low1;
    let high3 = low1;
    for (let at = x; at < end; at += 16) {
      const x0 = v128.load32_splat(at);
      low0 = step(low0, x0, w);
      high0 = step(high0, x0, w + 16);
      const x1 = v128.load32_splat(at, 4);
      low1 = step(low1, x1, w + 32);
      high1 = step(high1, x1, w + 48);
      const x2 = v128.load32_splat(at, 8);
      low2 = step(low2, x2, w + 64);
      high2 = step(high2, x2, w + 80);
      const x3 = v128.load32_splat(at, 12);
      low3 = step(low3, x3, w + 96);
      high3 = step(high3, x3, w + 112);
      w += 128;
    }
    v128.store(y, activate(f32x4.add(f32x4.add(low0, low1), f32x4.add(low2, low3)), activation));
    v128.store(y, activate(f32x4.add(f32x4.add(high0, high1), f32x4.add(high2, high3)), activation), 16);
    b += 32;
    y += 32;
  }
}
