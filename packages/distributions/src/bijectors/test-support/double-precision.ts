import type { AffineCouplingSpec } from '@maxent/backend';

type Map = (x: readonly number[]) => number[];

/** Computes a coupling layer by its formula, for one row, in double precision. */
export function couplingInDouble(
  spec: AffineCouplingSpec,
  parameters: ArrayLike<number>,
  context?: readonly number[],
): { forward: Map; inverse: Map } {
  const { size, kept, keeps, hiddenSize: width, maximumLogScale: maximum } = spec;
  const changed = size - kept;
  const keptAt = (i: number) => (keeps === 'first' ? i : changed + i);
  const changedAt = (m: number) => (keeps === 'first' ? kept + m : m);
  const bias1 = kept * width;
  const weight2 = bias1 + width;
  const bias2 = weight2 + 2 * changed * width;

  const head = (x: readonly number[]): number[] => {
    const hidden = Array.from({ length: width }, (_, j) => {
      let sum = parameters[bias1 + j]! + (context?.[j] ?? 0);
      for (let i = 0; i < kept; i++) sum += x[keptAt(i)]! * parameters[i * width + j]!;
      return Math.tanh(sum);
    });
    return Array.from({ length: 2 * changed }, (_, m) =>
      hidden.reduce((sum, h, j) => sum + h * parameters[weight2 + m * width + j]!, parameters[bias2 + m]!),
    );
  };
  const map = (x: readonly number[], change: (value: number, s: number, t: number) => number): number[] => {
    const y = [...x];
    const outputs = head(x);
    for (let m = 0; m < changed; m++) {
      const s = maximum * Math.tanh(outputs[m]! / maximum);
      y[changedAt(m)] = change(x[changedAt(m)]!, s, outputs[changed + m]!);
    }
    return y;
  };
  return {
    forward: (x) => map(x, (value, s, t) => value * Math.exp(s) + t),
    inverse: (y) => map(y, (value, s, t) => (value - t) * Math.exp(-s)),
  };
}

/** A function of each entry and its inverse. */
export function elementwise(f: (value: number) => number, inverse: (value: number) => number) {
  return { forward: (x: readonly number[]) => x.map(f), inverse: (y: readonly number[]) => y.map(inverse) };
}

/** log |det| of a map's Jacobian at a point, by central differences and elimination with pivoting. */
export function numericalLogDet(map: Map, x: readonly number[], step = 1e-6): number {
  const columns = x.map((_, i) => {
    const at = (value: number) => map(x.map((entry, k) => (k === i ? value : entry)));
    const above = at(x[i]! + step);
    const below = at(x[i]! - step);
    return above.map((value, k) => (value - below[k]!) / (2 * step));
  });
  return logAbsoluteDeterminant(columns);
}

function logAbsoluteDeterminant(matrix: number[][]): number {
  const rows = matrix.map((row) => [...row]);
  let total = 0;
  for (let k = 0; k < rows.length; k++) {
    let pivot = k;
    for (let i = k + 1; i < rows.length; i++)
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    total += Math.log(Math.abs(rows[k]![k]!));
    for (let i = k + 1; i < rows.length; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < rows.length; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return total;
}
