// Layer normalization of the rows of a matrix, and its gradient. Sums over a row have four partial sums. The gradients in
// scale and shift are sums over rows, those of `batchNormalizationSums` for values of mean 0 and sigma 1.
import { at, firstLanes, loadUpTo4, multiplyAdd, storeUpTo4, sumLanes } from './vector';

/**
 * Per row, x becomes z = (x - mean) / sigma with sigma = sqrt(variance + epsilon), and y = scale z + shift, or relu of
 * that. `parameters` is scale, then shift; `inverses` gets 1 / sigma of each row.
 */
export function layerNormalization(
  x: usize, parameters: usize, y: usize, inverses: usize, rows: i32, columns: i32, epsilon: f32, relu: bool,
): void {
  const zero = f32x4.splat(0);
  const lowest = f32x4.splat(relu ? 0 : -Infinity);
  for (let row = 0; row < rows; row++) {
    let sum = zero, squares = zero;
    for (let i = 0; i < columns; i += 4) sum = f32x4.add(sum, loadUpTo4(x + at(i), columns - i));
    const mean = f32x4.splat(sumLanes(sum) / <f32>columns);
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const deviation = v128.and(f32x4.sub(loadUpTo4(x + at(i), lanes), mean), firstLanes(lanes));
      squares = multiplyAdd(squares, deviation, deviation);
      storeUpTo4(x + at(i), deviation, lanes);
    }
    const inverse = <f32>1 / sqrt(sumLanes(squares) / <f32>columns + epsilon);
    store<f32>(inverses + at(row), inverse);
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const z = f32x4.mul(loadUpTo4(x + at(i), lanes), f32x4.splat(inverse));
      storeUpTo4(x + at(i), z, lanes);
      const shift = loadUpTo4(parameters + at(columns + i), lanes);
      storeUpTo4(y + at(i), f32x4.max(multiplyAdd(shift, loadUpTo4(parameters + at(i), lanes), z), lowest), lanes);
    }
    x += at(columns);
    y += at(columns);
  }
}

/** dx = (g - mean(g) - z mean(g z)) / sigma with g = scale dy and means over the row; `dx` may be `dy`. */
export function layerNormalizationGradient(
  z: usize, dy: usize, scale: usize, inverses: usize, dx: usize, rows: i32, columns: i32,
): void {
  const count = <f32>columns;
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0), along = sum;
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const g = f32x4.mul(loadUpTo4(dy + at(i), lanes), loadUpTo4(scale + at(i), lanes));
      sum = f32x4.add(sum, g);
      along = multiplyAdd(along, g, loadUpTo4(z + at(i), lanes));
    }
    const mean = f32x4.splat(sumLanes(sum) / count), slope = f32x4.splat(sumLanes(along) / count);
    const inverse = v128.load32_splat(inverses + at(row));
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const g = f32x4.mul(loadUpTo4(dy + at(i), lanes), loadUpTo4(scale + at(i), lanes));
      const rest = f32x4.sub(f32x4.sub(g, mean), f32x4.mul(loadUpTo4(z + at(i), lanes), slope));
      storeUpTo4(dx + at(i), f32x4.mul(rest, inverse), lanes);
    }
    z += at(columns);
    dy += at(columns);
    dx += at(columns);
  }
}
