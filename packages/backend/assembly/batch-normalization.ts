// Batch normalization of the columns of a matrix, and its gradient. Each column is one lane: its sums run over the rows
// in order, so that the vector's width does not show in them.
//
// `moments` holds six arrays of `columns` numbers: mean mu and 1 / sigma of the batch, r and q of the renormalization, and
// the slope and offset of y = slope (x - mu) + offset.
import { columnSums } from './matrix';
import { at, loadUpTo4, multiplyAdd, storeUpTo4 } from './vector';

/**
 * One training pass. Per column, with mu and s2 the mean and variance of x over the rows, m and v the running ones,
 * sigma = sqrt(s2 + epsilon) and sr = sqrt(v + epsilon): y = scale (r (x - mu) / sigma + q) + shift. If `renormalize`,
 * r = clip(sigma / sr, 1/3, 3) and q = clip((mu - m) / sr, -5, 5); otherwise r = 1 and q = 0. Then m and v move by `rate`
 * of their distance to mu and s2. `parameters` is scale, then shift; `running` is m, then v.
 */
export function batchNormalization(
  x: usize, parameters: usize, running: usize, y: usize, moments: usize,
  rows: i32, columns: i32, epsilon: f32, rate: f32, renormalize: bool,
): void {
  columnSums(x, moments, rows, columns);
  const count = f32x4.splat(<f32>rows);
  for (let i = 0; i < columns; i += 4) {
    const lanes = columns - i;
    const sum = loadUpTo4(moments + at(i), lanes);
    storeUpTo4(moments + at(i), f32x4.div(sum, count), lanes);
  }
  centeredProducts(x, x, moments, moments + at(columns), rows, columns, true);
  for (let i = 0; i < columns; i += 4) {
    finishMoments(
      parameters + at(i), running + at(i), moments + at(i), columns, columns - i, count, epsilon, rate, renormalize,
    );
  }
  const slope = moments + at(4 * columns), offset = moments + at(5 * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const centered = f32x4.sub(loadUpTo4(x + at(i), lanes), loadUpTo4(moments + at(i), lanes));
      const value = multiplyAdd(loadUpTo4(offset + at(i), lanes), centered, loadUpTo4(slope + at(i), lanes));
      storeUpTo4(y + at(i), value, lanes);
    }
    x += at(columns);
    y += at(columns);
  }
}

/** From mu and the sum of squared deviations of up to four columns: the other moments, and the moved statistics. */
// @ts-ignore: decorator
@inline
function finishMoments(
  scale: usize, mean: usize, moments: usize, columns: i32, lanes: i32, count: v128,
  epsilon: f32, rate: f32, renormalize: bool,
): void {
  const stride = at(columns);
  const one = f32x4.splat(1), eps = f32x4.splat(epsilon), weight = f32x4.splat(rate);
  const mu = loadUpTo4(moments, lanes);
  const s2 = f32x4.div(loadUpTo4(moments + stride, lanes), count);
  const m = loadUpTo4(mean, lanes);
  const v = loadUpTo4(mean + stride, lanes);
  const sigma = f32x4.sqrt(f32x4.add(s2, eps));
  const inverse = f32x4.div(one, sigma);
  let r = one, q = f32x4.splat(0);
  if (renormalize) {
    const running = f32x4.sqrt(f32x4.add(v, eps));
    r = clip(f32x4.div(sigma, running), <f32>(1.0 / 3.0), 3);
    q = clip(f32x4.div(f32x4.sub(mu, m), running), -5, 5);
  }
  const factor = loadUpTo4(scale, lanes);
  storeUpTo4(moments + stride, inverse, lanes);
  storeUpTo4(moments + 2 * stride, r, lanes);
  storeUpTo4(moments + 3 * stride, q, lanes);
  storeUpTo4(moments + 4 * stride, f32x4.mul(f32x4.mul(factor, r), inverse), lanes);
  storeUpTo4(moments + 5 * stride, multiplyAdd(loadUpTo4(scale + stride, lanes), factor, q), lanes);
  storeUpTo4(mean, multiplyAdd(m, weight, f32x4.sub(mu, m)), lanes);
  storeUpTo4(mean + stride, multiplyAdd(v, weight, f32x4.sub(s2, v)), lanes);
}

/** NaN stays NaN. */
// @ts-ignore: decorator
@inline
function clip(x: v128, low: f32, high: f32): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(low)), f32x4.splat(high));
}

/**
 * The sums that the gradients need, per column, with z = (x - mu) / sigma: `sums` gets, one array after the other,
 * dScale = r sum(dy z) + q sum(dy), dShift = sum(dy), and for `batchNormalizationGradient` mean(dy) and
 * mean(dy z) / sigma.
 */
export function batchNormalizationSums(
  x: usize, dy: usize, moments: usize, sums: usize, rows: i32, columns: i32,
): void {
  const stride = at(columns);
  const products = sums, shift = sums + stride;
  columnSums(dy, shift, rows, columns);
  centeredProducts(x, dy, moments, products, rows, columns, false);
  const count = f32x4.splat(<f32>rows);
  for (let i = 0; i < columns; i += 4) {
    const lanes = columns - i;
    const c = moments + at(i);
    const inverse = loadUpTo4(c + stride, lanes);
    const r = loadUpTo4(c + 2 * stride, lanes), q = loadUpTo4(c + 3 * stride, lanes);
    const total = loadUpTo4(shift + at(i), lanes);
    const along = f32x4.mul(loadUpTo4(products + at(i), lanes), inverse);
    const o = sums + at(i);
    storeUpTo4(o, multiplyAdd(f32x4.mul(r, along), q, total), lanes);
    storeUpTo4(o + 2 * stride, f32x4.div(total, count), lanes);
    storeUpTo4(o + 3 * stride, f32x4.mul(f32x4.div(along, count), inverse), lanes);
  }
}

/**
 * out[j] = sum_i dy[i, j] (x[i, j] - mean[j]), or sum_i (x[i, j] - mean[j])^2 if `squares`, a constant of the compiler;
 * `dy` is not read then.
 */
// @ts-ignore: decorator
@inline
function centeredProducts(x: usize, dy: usize, mean: usize, out: usize, rows: i32, columns: i32, squares: bool): void {
  const stride = at(columns);
  let column = 0;
  for (; column + 16 <= columns; column += 16) {
    const c = mean + at(column);
    const m0 = v128.load(c), m1 = v128.load(c, 16), m2 = v128.load(c, 32), m3 = v128.load(c, 48);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let p = x + at(column), g = dy + at(column);
    for (let row = 0; row < rows; row++) {
      const d0 = f32x4.sub(v128.load(p), m0), d1 = f32x4.sub(v128.load(p, 16), m1);
      const d2 = f32x4.sub(v128.load(p, 32), m2), d3 = f32x4.sub(v128.load(p, 48), m3);
      s0 = multiplyAdd(s0, squares ? d0 : v128.load(g), d0);
      s1 = multiplyAdd(s1, squares ? d1 : v128.load(g, 16), d1);
      s2 = multiplyAdd(s2, squares ? d2 : v128.load(g, 32), d2);
      s3 = multiplyAdd(s3, squares ? d3 : v128.load(g, 48), d3);
      p += stride;
      g += stride;
    }
    const o = out + at(column);
    v128.store(o, s0);
    v128.store(o, s1, 16);
    v128.store(o, s2, 32);
    v128.store(o, s3, 48);
  }
  for (; column < columns; column += 4) {
    const lanes = columns - column;
    const m = loadUpTo4(mean + at(column), lanes);
    let sum = f32x4.splat(0);
    let p = x + at(column), g = dy + at(column);
    for (let row = 0; row < rows; row++) {
      const deviation = f32x4.sub(loadUpTo4(p, lanes), m);
      sum = multiplyAdd(sum, squares ? deviation : loadUpTo4(g, lanes), deviation);
      p += stride;
      g += stride;
    }
    storeUpTo4(out + at(column), sum, lanes);
  }
}

/**
 * dx = slope (dy - mean(dy) - z mean(dy z)) with the `sums` of `batchNormalizationSums`: the batch's mean and variance
 * depend on every row, r and q are constants. If `relu`, x came out of a relu and dx is zero where x is not positive.
 * `dx` may be `dy`.
 */
export function batchNormalizationGradient(
  x: usize, dy: usize, moments: usize, sums: usize, dx: usize, rows: i32, columns: i32, relu: bool,
): void {
  const slope = moments + at(4 * columns);
  const mean = sums + at(2 * columns), along = sums + at(3 * columns);
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i += 4) {
      const lanes = columns - i;
      const value = loadUpTo4(x + at(i), lanes);
      const centered = f32x4.sub(value, loadUpTo4(moments + at(i), lanes));
      const rest = f32x4.sub(loadUpTo4(dy + at(i), lanes), loadUpTo4(mean + at(i), lanes));
      const bent = f32x4.sub(rest, f32x4.mul(centered, loadUpTo4(along + at(i), lanes)));
      let result = f32x4.mul(loadUpTo4(slope + at(i), lanes), bent);
      if (relu) result = v128.and(result, f32x4.gt(value, zero));
      storeUpTo4(dx + at(i), result, lanes);
    }
    x += at(columns);
    dy += at(columns);
    dx += at(columns);
  }
}

/**
 * The dense layer, weight and bias, that does what normalization by the running statistics and the dense layer behind it
 * do: out[k, j] = f_k weight[k, j] with f = scale / sqrt(v + epsilon), and
 * bias[j] + sum_k (shift_k - f_k m_k) weight[k, j]. `parameters` is scale, shift, weight, bias; `running` is m, then v.
 * Summed in float64 without fused multiply-adds, so that every build has the same results; `scratch` has room for
 * `outputs` float64 numbers.
 */
export function foldNormalization(
  parameters: usize, running: usize, out: usize, inputs: i32, outputs: i32, epsilon: f64, scratch: usize,
): void {
  const shift = parameters + at(inputs);
  let weight = shift + at(inputs);
  const bias = weight + at(inputs * outputs);
  for (let j = 0; j < outputs; j++) store<f64>(scratch + (<usize>j << 3), <f64>load<f32>(bias + at(j)));
  for (let k = 0; k < inputs; k++) {
    const variance = <f64>load<f32>(running + at(inputs + k));
    const factor = <f64>load<f32>(parameters + at(k)) / sqrt(variance + epsilon);
    const rest = <f64>load<f32>(shift + at(k)) - factor * <f64>load<f32>(running + at(k));
    const factors = f32x4.splat(<f32>factor), rests = f64x2.splat(rest);
    let j = 0;
    for (; j + 4 <= outputs; j += 4) {
      const w = v128.load(weight + at(j));
      v128.store(out + at(j), f32x4.mul(factors, w));
      const s = scratch + (<usize>j << 3);
      const low = f64x2.promote_low_f32x4(w);
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(w, w, 2, 3, 0, 1));
      v128.store(s, f64x2.add(v128.load(s), f64x2.mul(rests, low)));
      v128.store(s, f64x2.add(v128.load(s, 16), f64x2.mul(rests, high)), 16);
    }
    for (; j < outputs; j++) {
      const w = load<f32>(weight + at(j));
      store<f32>(out + at(j), <f32>factor * w);
      const s = scratch + (<usize>j << 3);
      store<f64>(s, load<f64>(s) + rest * <f64>w);
    }
    weight += at(outputs);
    out += at(outputs);
  }
  for (let j = 0; j < outputs; j++) store<f32>(out + at(j), <f32>load<f64>(scratch + (<usize>j << 3)));
}
