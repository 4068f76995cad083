import { DivergenceError } from '@maxent/core';

type Numbers = Float32Array | Float64Array;

/** The index of the largest number, the first one on ties. Throws DivergenceError if one is not finite. */
export function largestOf(values: Numbers): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    requireFinite(values[i]!);
    if (values[i]! > values[best]!) best = i;
  }
  return best;
}

/** exp(values / temperature), normalized to sum to 1. */
export function softmax(values: Numbers, temperature = 1): Float64Array {
  const largest = values[largestOf(values)]!;
  const weights = Float64Array.from(values, (value) => Math.exp((value - largest) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Throws DivergenceError if `value` is not finite. Weights are finite, but sums of large ones may not be. */
export function requireFinite(value: number): void {
  if (!Number.isFinite(value)) {
    throw new DivergenceError(`act: the network computes ${value} here`);
  }
}
