import type { Rng } from '@maxent/core';

/** Adds numbers uniform in [-scale, scale). */
export function addUniformNoise(values: Float64Array, scale: number, rng: Rng): void {
  for (let i = 0; i < values.length; i++) values[i]! += rng.uniform(-scale, scale);
}

/** Adds normal numbers of standard deviation `scale`. */
export function addNormalNoise(values: Float64Array, scale: number, rng: Rng): void {
  for (let i = 0; i < values.length; i++) values[i]! += scale * rng.normal();
}
