// tanh of a row of numbers, the logarithm of its volume change, and their gradient.
import { hyperbolicTangent, logSlopeOfTanh } from './functions';
import { at, firstLanes, loadUpTo4, multiplyAdd, storeUpTo4, sumLanes } from './vector';

/** Per row of `columns` numbers: y = tanh x and logDet = sum_i log(1 - tanh(x_i)^2). */
export function squash(x: usize, y: usize, logDet: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    let total = f32x4.splat(0);
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const value = loadUpTo4(x + at(i), lanes);
      storeUpTo4(y + at(i), hyperbolicTangent(value), lanes);
      total = f32x4.add(total, v128.and(logSlopeOfTanh(value), firstLanes(lanes)));
    }
    store<f32>(logDet + at(row), sumLanes(total));
    x += at(columns);
    y += at(columns);
  }
}

/** The gradient in x: dx = dy (1 - y^2) - 2 y dLogDet. */
export function squashGradient(
  y: usize, dy: usize, dLogDet: usize, dx: usize, rows: i32, columns: i32,
): void {
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    const density = f32x4.splat(-2 * load<f32>(dLogDet + at(row)));
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const value = loadUpTo4(y + at(i), lanes);
      const slope = f32x4.sub(one, f32x4.mul(value, value));
      const through = f32x4.mul(loadUpTo4(dy + at(i), lanes), slope);
      storeUpTo4(dx + at(i), multiplyAdd(through, value, density), lanes);
    }
    y += at(columns);
    dy += at(columns);
    dx += at(columns);
  }
}
