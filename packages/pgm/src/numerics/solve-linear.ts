/** Writes A x to `out`, for a square matrix A that is never formed. */
export type LinearMap = (x: Float64Array, out: Float64Array) => void;

export interface LinearSolution {
  readonly x: Float64Array;
  /** Largest entry of |b - A x|. */
  readonly residual: number;
}

/**
 * Solves A x = b by BiCGSTAB (van der Vorst 1992, "Bi-CGSTAB: a fast and smoothly converging variant of Bi-CG"),
 * restarted from the true residual when its recurrences break down, until the largest entry of the residual is at most
 * `tolerance` or a restart no longer halves it. The largest entry of b is expected to be of order 1, because the
 * recurrences hold its square. Costs two products with A per iteration. The caller must check `residual`.
 */
export function solveLinear(
  apply: LinearMap,
  b: Float64Array,
  tolerance: number,
  maxProducts: number,
): LinearSolution {
  const n = b.length;
  const x = new Float64Array(n);
  const residual = b.slice();
  const shadow = new Float64Array(n);
  const direction = new Float64Array(n);
  const v = new Float64Array(n);
  const t = new Float64Array(n);
  let products = 0;
  let reached = largestEntry(residual);
  let best = { x: x.slice(), residual: reached };
  while (reached > tolerance && products < maxProducts) {
    shadow.set(residual);
    direction.set(residual);
    let rho = dot(shadow, residual);
    let recurred = reached;
    while (recurred > tolerance && products < maxProducts) {
      apply(direction, v);
      const alpha = rho / dot(shadow, v);
      for (let i = 0; i < n; i++) residual[i]! -= alpha * v[i]!;
      apply(residual, t);
      products += 2;
      const omega = dot(t, residual) / dot(t, t);
      // The half step alone may have reached the solution, leaving 0 / 0.
      const step = Number.isFinite(omega) ? omega : 0;
      if (!Number.isFinite(alpha)) break;
      for (let i = 0; i < n; i++) {
        x[i]! += alpha * direction[i]! + step * residual[i]!;
        residual[i]! -= step * t[i]!;
      }
      recurred = largestEntry(residual);
      const nextRho = dot(shadow, residual);
      const beta = (nextRho / rho) * (alpha / step);
      if (!Number.isFinite(beta) || !Number.isFinite(recurred)) break;
      for (let i = 0; i < n; i++) direction[i] = residual[i]! + beta * (direction[i]! - step * v[i]!);
      rho = nextRho;
    }
    apply(x, residual);
    products++;
    for (let i = 0; i < n; i++) residual[i] = b[i]! - residual[i]!;
    reached = largestEntry(residual);
    if (!(reached < best.residual)) return best;
    const halved = reached <= best.residual / 2;
    best = { x: x.slice(), residual: reached };
    if (!halved) return best;
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Returns the largest absolute entry; NaN if any entry is NaN. */
export function largestEntry(values: Float64Array): number {
  let maximum = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (!(size <= maximum)) maximum = size;
    if (Number.isNaN(size)) return size;
  }
  return maximum;
}
