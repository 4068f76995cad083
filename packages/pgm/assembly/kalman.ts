// The recursion of src/lgssm/square-root-filter.ts for a model that does not vary over time. Matrices lie transposed, and
// each of their columns is padded to an even number of entries, so that two rows can be computed at once while every sum
// keeps its order. src/kernels/kalman.ts lays out the memory.

// @ts-ignore: decorator
@external('env', 'log')
declare function logOf(x: f64): f64;

/** As in src/linear-algebra/absorb-columns.ts. */
const SMALLEST_SQUARE: f64 = 2.2250738585072014e-308;

// @ts-ignore: decorator
@inline
function pointer(table: usize, index: i32): usize {
  return <usize>load<u32>(table + (<usize>index << 2));
}

/**
 * Takes `steps` steps: predicts, but not before the first one if `predictFirst` is false, and conditions on `count`
 * whitened observations. `table` has the addresses of the arrays in the order below. `base` is the constant part of a
 * step's log density. Writes the means, covariances and factors of every step if `keep`.
 *
 * What a step does to the factor depends on the factor alone. Where a step ends with the factor that it began with, to
 * the last bit, so do all that follow, and only means are left to compute. Most models come to that within some hundred
 * steps.
 */
export function kalmanFilter(
  table: usize,
  steps: i32,
  predictFirst: bool,
  n: i32,
  count: i32,
  inputCount: i32,
  base: f64,
  keep: bool,
): void {
  const F = pointer(table, 0);
  const Q = pointer(table, 1);
  const B = pointer(table, 2);
  const b = pointer(table, 3);
  const rows = pointer(table, 4);
  const mean = pointer(table, 5);
  const factor = pointer(table, 6);
  const nextMean = pointer(table, 7);
  const columns = pointer(table, 8);
  const rotation = pointer(table, 9);
  let inputs = pointer(table, 10);
  let values = pointer(table, 11);
  let densities = pointer(table, 12);
  let predictedMeans = pointer(table, 13);
  let predictedCovariances = pointer(table, 14);
  let filteredMeans = pointer(table, 15);
  let filteredCovariances = pointer(table, 16);
  let filteredFactors = pointer(table, 17);
  const before = pointer(table, 18);
  const gains = pointer(table, 19);
  const width = <usize>((n + 1) & ~1) << 3;
  const vector = <usize>n << 3;
  const matrix = <usize>n * vector;
  const size = <usize>n * width;
  let settled = false;
  for (let step = 0; step < steps; step++) {
    const predicts = step > 0 || predictFirst;
    if (predicts) {
      predictMean(width, size, F, mean, nextMean);
      if (b != 0) for (let i: usize = 0; i < width; i += 16) add(nextMean + i, v128.load(b + i));
      for (let j = 0; j < inputCount; j++) {
        const u = v128.load64_splat(inputs + (<usize>j << 3));
        for (let i: usize = 0; i < width; i += 16) {
          add(nextMean + i, f64x2.mul(v128.load(B + <usize>j * width + i), u));
        }
      }
      memory.copy(mean, nextMean, width);
      if (!settled) {
        memory.copy(before, factor, size);
        predictFactor(width, size, F, factor, columns);
        memory.copy(factor, Q, size);
        absorb(n, width, factor, columns);
      }
    }
    inputs += <usize>inputCount << 3;
    if (keep) {
      memory.copy(predictedMeans, mean, vector);
      if (settled) memory.copy(predictedCovariances, predictedCovariances - matrix, matrix);
      else writeCovariance(predictedCovariances, factor, n, width);
      predictedMeans += vector;
      predictedCovariances += matrix;
    }
    let density = base;
    for (let c = 0; c < count; c++) {
      const row = rows + <usize>c * vector;
      const gain = gains + <usize>c * (width + 16);
      if (!settled) update(n, width, row, factor, rotation, gain);
      density -= moveMean(width, vector, row, load<f64>(values), mean, gain);
      values += 8;
    }
    store<f64>(densities, density);
    densities += 8;
    if (keep) {
      memory.copy(filteredMeans, mean, vector);
      if (settled) {
        memory.copy(filteredCovariances, filteredCovariances - matrix, matrix);
        memory.copy(filteredFactors, filteredFactors - matrix, matrix);
      } else {
        writeCovariance(filteredCovariances, factor, n, width);
        writeFactor(filteredFactors, factor, n, width);
      }
      filteredMeans += vector;
      filteredCovariances += matrix;
      filteredFactors += matrix;
    }
    if (predicts && !settled) settled = equal(before, factor, size);
  }
}

/** Whether `size` bytes, a multiple of 16, are the same. */
// @ts-ignore: decorator
@inline
function equal(first: usize, second: usize, size: usize): bool {
  for (let i: usize = 0; i < size; i += 16) {
    if (!i64x2.all_true(i64x2.eq(v128.load(first + i), v128.load(second + i)))) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function add(at: usize, value: v128): void {
  v128.store(at, f64x2.add(v128.load(at), value));
}

/** nextMean = F mean; F has `size` bytes. */
function predictMean(width: usize, size: usize, F: usize, mean: usize, nextMean: usize): void {
  for (let i: usize = 0; i < width; i += 16) {
    let sum = f64x2.splat(0.0);
    for (let j: usize = 0, at = F + i; at < F + size; j += 8, at += width) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(at), v128.load64_splat(mean + j)));
    }
    v128.store(nextMean + i, sum);
  }
}

/** columns = F L. */
function predictFactor(width: usize, size: usize, F: usize, factor: usize, columns: usize): void {
  for (let column: usize = 0, first: usize = 0; column < size; column += width, first += 8) {
    const start = F + (first >> 3) * width;
    for (let i: usize = 0; i < width; i += 16) {
      let sum = f64x2.splat(0.0);
      let at = start + i;
      for (let l = factor + column + first; at < F + size; l += 8, at += width) {
        sum = f64x2.add(sum, f64x2.mul(v128.load(at), v128.load64_splat(l)));
      }
      v128.store(columns + column + i, sum);
    }
  }
}

/** As `absorbColumns` of src/linear-algebra, with n columns. */
function absorb(n: i32, width: usize, factor: usize, columns: usize): void {
  const end = columns + <usize>n * width;
  for (let k = 0; k < n; k++) {
    const at = <usize>k << 3;
    let tail: f64 = 0.0;
    for (let c = columns + at; c < end; c += width) tail += load<f64>(c) * load<f64>(c);
    if (tail < SMALLEST_SQUARE) continue;
    const line = factor + <usize>k * width;
    const diagonal = load<f64>(line + at);
    const norm = sqrt<f64>(diagonal * diagonal + tail);
    const head = diagonal <= 0.0 ? diagonal - norm : -tail / (diagonal + norm);
    const heads = f64x2.splat(head);
    const scale = f64x2.splat(2.0 / (head * head + tail));
    const first = <isize>(<usize>((k + 1) & ~1) << 3);
    // From the last pair to the first: that one may hold row k itself, which the others still need.
    for (let i = <isize>width - 16; i >= first; i -= 16) {
      const lower = v128.load(line + i);
      let product = f64x2.mul(heads, lower);
      for (let c = columns; c < end; c += width) {
        product = f64x2.add(product, f64x2.mul(v128.load64_splat(c + at), v128.load(c + i)));
      }
      product = f64x2.mul(product, scale);
      v128.store(line + i, f64x2.sub(lower, f64x2.mul(product, heads)));
      for (let c = columns; c < end; c += width) {
        const reflected = f64x2.mul(product, v128.load64_splat(c + at));
        v128.store(c + i, f64x2.sub(v128.load(c + i), reflected));
      }
    }
    store<f64>(line + at, norm);
  }
}

/**
 * Conditions the factor on one scalar observation of unit variance. Writes the gain times the innovation's standard
 * deviation, then that deviation and its logarithm.
 */
function update(n: i32, width: usize, row: usize, factor: usize, rotation: usize, gains: usize): void {
  const vector = <usize>n << 3;
  const projections = rotation;
  const cosines = projections + width;
  const sines = cosines + width;
  const deviations = sines + width;
  store<f64>(deviations + vector, 1.0);
  let variance: f64 = 1.0;
  for (let i = <isize>vector - 8; i >= 0; i -= 8) {
    const line = factor + (<usize>i >> 3) * width;
    let projection: f64 = 0.0;
    for (let j = <usize>i; j < vector; j += 8) projection += load<f64>(row + j) * load<f64>(line + j);
    store<f64>(projections + i, projection);
    variance += projection * projection;
    store<f64>(deviations + i, variance);
  }
  for (let i: usize = 0; i < vector; i += 16) v128.store(deviations + i, f64x2.sqrt(v128.load(deviations + i)));
  for (let i: usize = 0; i < vector; i += 16) {
    const deviation = v128.load(deviations + i);
    v128.store(cosines + i, f64x2.div(v128.load(deviations + i, 8), deviation));
    v128.store(sines + i, f64x2.div(v128.load(projections + i), deviation));
  }
  const deviation = load<f64>(deviations);
  store<f64>(gains + width, deviation);
  store<f64>(gains + width, logOf(deviation), 8);
  for (let j: usize = 0; j < width; j += 16) {
    let gain = f64x2.splat(0.0);
    const last = <isize>(j + 8 < vector ? j + 8 : j);
    for (let i = last; i >= 0; i -= 8) {
      const at = factor + (<usize>i >> 3) * width + j;
      const entry = v128.load(at);
      const cosine = v128.load64_splat(cosines + i);
      const sine = v128.load64_splat(sines + i);
      v128.store(at, f64x2.sub(f64x2.mul(cosine, entry), f64x2.mul(sine, gain)));
      gain = f64x2.add(f64x2.mul(cosine, gain), f64x2.mul(sine, entry));
    }
    v128.store(gains + j, gain);
  }
}

/** Conditions the mean on that observation, with what `update` wrote. Returns what it takes off the log density. */
function moveMean(
  width: usize,
  vector: usize,
  row: usize,
  value: f64,
  mean: usize,
  gains: usize,
): f64 {
  let innovation = value;
  for (let i: usize = 0; i < vector; i += 8) innovation -= load<f64>(row + i) * load<f64>(mean + i);
  const standardized = innovation / load<f64>(gains + width);
  const steps = f64x2.splat(standardized);
  for (let j: usize = 0; j < width; j += 16) add(mean + j, f64x2.mul(v128.load(gains + j), steps));
  return load<f64>(gains + width, 8) + 0.5 * standardized * standardized;
}

/** out = L L', [n, n]. */
function writeCovariance(out: usize, factor: usize, n: i32, width: usize): void {
  const vector = <usize>n << 3;
  for (let j: usize = 0; j < vector; j += 8) {
    const line = (j >> 3) * vector;
    for (let i = j & ~15; i < vector; i += 16) {
      let sum = f64x2.splat(0.0);
      const last = factor + (j >> 3) * width;
      for (let k = factor; k <= last; k += width) {
        sum = f64x2.add(sum, f64x2.mul(v128.load(k + i), v128.load64_splat(k + j)));
      }
      v128.store_lane<f64>(out + (i >> 3) * vector + j, sum, 0);
      if (i + 8 < vector) {
        v128.store(out + line + i, sum);
        v128.store_lane<f64>(out + ((i >> 3) + 1) * vector + j, sum, 1);
      } else {
        v128.store_lane<f64>(out + line + i, sum, 0);
      }
    }
  }
}

/** out = L, [n, n]. */
function writeFactor(out: usize, factor: usize, n: i32, width: usize): void {
  const vector = <usize>n << 3;
  for (let i: usize = 0; i < vector; i += 8) {
    for (let k = factor + i; k < factor + <usize>n * width; k += width, out += 8) store<f64>(out, load<f64>(k));
  }
}
