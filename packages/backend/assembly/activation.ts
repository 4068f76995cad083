// Activation functions and their derivatives, elementwise.
import { exponentialMinusOne, hyperbolicTangent } from './functions';
import { at, loadUpTo4, storeUpTo4 } from './vector';

// The codes are defined in src/kernels/activation-codes.ts.
const RELU: i32 = 1;
const TANH: i32 = 2;
const ELU: i32 = 3;

// @ts-ignore: decorator
@inline
function activation(kind: i32, x: v128): v128 {
  const zero = f32x4.splat(0);
  if (kind == RELU) return f32x4.max(x, zero);
  if (kind == TANH) return hyperbolicTangent(x);
  if (kind == ELU) return v128.bitselect(x, exponentialMinusOne(x), f32x4.gt(x, zero));
  return x;
}

/** The derivative, computed from the function's value y. */
// @ts-ignore: decorator
@inline
function derivative(kind: i32, y: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == RELU) return v128.and(one, f32x4.gt(y, zero));
  if (kind == TANH) return f32x4.sub(one, f32x4.mul(y, y));
  if (kind == ELU) return v128.bitselect(one, f32x4.add(y, one), f32x4.gt(y, zero));
  return one;
}

/** out = f(x); `out` may be `x`. */
export function activate(kind: i32, x: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const lanes = count - i;
    storeUpTo4(out + at(i), activation(kind, loadUpTo4(x + at(i), lanes)), lanes);
  }
}

/** out = dy f'(x), given y = f(x); `out` may be `dy`. */
export function activationGradient(kind: i32, dy: usize, y: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const lanes = count - i;
    const slope = derivative(kind, loadUpTo4(y + at(i), lanes));
    storeUpTo4(out + at(i), f32x4.mul(loadUpTo4(dy + at(i), lanes), slope), lanes);
  }
}
