// One affine coupling layer with its conditioner, a perceptron of one hidden layer, row by row, and its gradient.
// The parameters are, in this order: weight1 [kept, hidden], bias1 [hidden], weight2 [2 changed, hidden] (rows of raw
// log scales, then rows of shifts), bias2 [2 changed]. Every inner loop runs over the hidden units.
import { exponential, hyperbolicTangent } from './functions';
import { at, loadUpTo4, multiplyAdd, storeUpTo4, sumLanes } from './vector';

// @ts-ignore: decorator
@inline
function exponentialOf(x: f32): f32 {
  return f32x4.extract_lane(exponential(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const lanes = count - j;
    sum = multiplyAdd(sum, loadUpTo4(a + at(j), lanes), loadUpTo4(b + at(j), lanes));
  }
  return sumLanes(sum);
}

/** outB = a . b and outC = a . c: two sums at a time hide the latency of each. */
// @ts-ignore: decorator
@inline
function dotPair(a: usize, b: usize, c: usize, count: i32, outB: usize, outC: usize): void {
  let sumB = f32x4.splat(0);
  let sumC = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const lanes = count - j;
    const value = loadUpTo4(a + at(j), lanes);
    sumB = multiplyAdd(sumB, value, loadUpTo4(b + at(j), lanes));
    sumC = multiplyAdd(sumC, value, loadUpTo4(c + at(j), lanes));
  }
  store<f32>(outB, sumLanes(sumB));
  store<f32>(outC, sumLanes(sumC));
}

/** target += factor * source. */
// @ts-ignore: decorator
@inline
function addScaled(target: usize, factor: f32, source: usize, count: i32): void {
  const f = f32x4.splat(factor);
  for (let j = 0; j < count; j += 4) {
    const lanes = count - j;
    const sum = multiplyAdd(loadUpTo4(target + at(j), lanes), f, loadUpTo4(source + at(j), lanes));
    storeUpTo4(target + at(j), sum, lanes);
  }
}

/**
 * Per row, with k the kept entries of x and c the others: hidden = tanh(k weight1 + bias1 + context), and
 * weight2 hidden + bias2 gives the log scale s = maximum tanh(raw / maximum) and the shift t. The kept entries stay;
 * the others become c exp(s) + t with logDeterminant sum s or, inverted, (c - t) exp(-s) with logDeterminant -sum s.
 *
 * `firstChanged` is the column of the first changed entry; the changed entries are contiguous and lie at either end.
 * `context` is 0 or the address of the first of the `hidden` columns to read, in rows of `contextStride`.
 */
export function affineCoupling(
  x: usize, parameters: usize, context: usize, y: usize, logDeterminant: usize, hiddenValues: usize, logScale: usize,
  batch: i32, size: i32, changed: i32, firstChanged: i32, hidden: i32, contextStride: i32, maximum: f32, invert: bool,
): void {
  const kept = size - changed;
  const firstKept = firstChanged == 0 ? changed : 0;
  const bias1 = parameters + at(kept * hidden);
  const weight2 = bias1 + at(hidden);
  const bias2 = weight2 + at(2 * changed * hidden);
  const limit = f32x4.splat(maximum);
  for (let row = 0; row < batch; row++) {
    memory.copy(hiddenValues, bias1, at(hidden));
    if (context) addScaled(hiddenValues, 1, context, hidden);
    for (let i = 0; i < kept; i++) {
      const value = load<f32>(x + at(firstKept + i));
      store<f32>(y + at(firstKept + i), value);
      addScaled(hiddenValues, value, parameters + at(i * hidden), hidden);
    }
    for (let j = 0; j < hidden; j += 4) {
      const lanes = hidden - j;
      storeUpTo4(hiddenValues + at(j), hyperbolicTangent(loadUpTo4(hiddenValues + at(j), lanes)), lanes);
    }
    const changedY = y + at(firstChanged);
    for (let m = 0; m < changed; m++) {
      dotPair(
        hiddenValues, weight2 + at(m * hidden), weight2 + at((changed + m) * hidden), hidden,
        logScale + at(m), changedY + at(m),
      );
    }
    let total: f32 = 0;
    for (let m = 0; m < changed; m += 4) {
      const lanes = changed - m;
      const raw = f32x4.add(loadUpTo4(bias2 + at(m), lanes), loadUpTo4(logScale + at(m), lanes));
      const s = f32x4.mul(limit, hyperbolicTangent(f32x4.div(raw, limit)));
      const t = f32x4.add(loadUpTo4(bias2 + at(changed + m), lanes), loadUpTo4(changedY + at(m), lanes));
      const value = loadUpTo4(x + at(firstChanged + m), lanes);
      const result = invert
        ? f32x4.mul(f32x4.sub(value, t), exponential(f32x4.neg(s)))
        : f32x4.add(f32x4.mul(value, exponential(s)), t);
      storeUpTo4(logScale + at(m), s, lanes);
      storeUpTo4(changedY + at(m), result, lanes);
    }
    for (let m = 0; m < changed; m++) total += load<f32>(logScale + at(m));
    store<f32>(logDeterminant, invert ? -total : total);
    x += at(size);
    y += at(size);
    hiddenValues += at(hidden);
    logScale += at(changed);
    logDeterminant += 4;
    if (context) context += at(contextStride);
  }
}

/**
 * The gradients of `affineCoupling` in x, parameters and context (the same `hidden` columns; 0 to leave it out), given
 * the gradients in y and logDeterminant. `delta` has room for `hidden` numbers.
 */
export function affineCouplingGradient(
  x: usize, parameters: usize, y: usize, hiddenValues: usize, logScale: usize, dy: usize, dLogDeterminant: usize,
  dx: usize, dParameters: usize, dContext: usize, delta: usize,
  batch: i32, size: i32, changed: i32, firstChanged: i32, hidden: i32, contextStride: i32, maximum: f32, invert: bool,
): void {
  const kept = size - changed;
  const firstKept = firstChanged == 0 ? changed : 0;
  const weight2 = parameters + at((kept + 1) * hidden);
  const dBias1 = dParameters + at(kept * hidden);
  const dWeight2 = dBias1 + at(hidden);
  const dBias2 = dWeight2 + at(2 * changed * hidden);
  memory.fill(dParameters, 0, at((kept + 1) * hidden + 2 * changed * (hidden + 1)));
  for (let row = 0; row < batch; row++) {
    const density = load<f32>(dLogDeterminant);
    memory.fill(delta, 0, at(hidden));
    for (let m = 0; m < changed; m++) {
      const column = at(firstChanged + m);
      const s = load<f32>(logScale + at(m));
      const above = load<f32>(dy + column);
      const scale = exponentialOf(invert ? -s : s);
      // y = x exp(s) + t or, inverted, y = (x - t) exp(-s): the gradients in s and t differ between the two.
      const ds = invert ? -above * load<f32>(y + column) - density : above * load<f32>(x + column) * scale + density;
      const dt = invert ? -above * scale : above;
      store<f32>(dx + column, above * scale);
      const share = s / maximum;
      const dRaw = ds * (1 - share * share);
      const scaleRow = at(m * hidden), shiftRow = at((changed + m) * hidden);
      store<f32>(dBias2 + at(m), load<f32>(dBias2 + at(m)) + dRaw);
      store<f32>(dBias2 + at(changed + m), load<f32>(dBias2 + at(changed + m)) + dt);
      addScaled(dWeight2 + scaleRow, dRaw, hiddenValues, hidden);
      addScaled(dWeight2 + shiftRow, dt, hiddenValues, hidden);
      addScaled(delta, dRaw, weight2 + scaleRow, hidden);
      addScaled(delta, dt, weight2 + shiftRow, hidden);
    }
    for (let j = 0; j < hidden; j += 4) {
      const lanes = hidden - j;
      const h = loadUpTo4(hiddenValues + at(j), lanes);
      const slope = f32x4.sub(f32x4.splat(1), f32x4.mul(h, h));
      storeUpTo4(delta + at(j), f32x4.mul(loadUpTo4(delta + at(j), lanes), slope), lanes);
    }
    addScaled(dBias1, 1, delta, hidden);
    if (dContext) {
      memory.copy(dContext, delta, at(hidden));
      dContext += at(contextStride);
    }
    for (let i = 0; i < kept; i++) {
      const column = at(firstKept + i);
      store<f32>(dx + column, load<f32>(dy + column) + dot(delta, parameters + at(i * hidden), hidden));
      addScaled(dParameters + at(i * hidden), load<f32>(x + column), delta, hidden);
    }
    x += at(size);
    y += at(size);
    dx += at(size);
    dy += at(size);
    hiddenValues += at(hidden);
    logScale += at(changed);
    dLogDeterminant += 4;
  }
}
