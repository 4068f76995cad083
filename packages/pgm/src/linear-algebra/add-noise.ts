import type { Rng } from '@maxent/core';

/** Adds a draw from N(0, L L') to `out`, [n], for a lower-triangular L, [n, n]; `scratch` has room for n numbers. */
export function addNoise(out: Float64Array, factor: Float64Array, scratch: Float64Array, rng: Rng): void {
  const n = out.length;
  rng.fillNormal(scratch.subarray(0, n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) out[i]! += factor[i * n + j]! * scratch[j]!;
  }
}
