import { InvalidInputError } from '../errors.js';
import { portableExp, portableLog } from './elementary.js';
import type { Rng } from './rng.js';
import { sampleStandardNormal, type UniformSource } from './ziggurat.js';

const SMALLEST = 1e-3;
const LARGEST = 1e9;
/** Where the log ratio of the two gammas is clamped, so that its exponential stays finite. */
const LARGEST_RATIO = 700;

/**
 * A variate of Beta(alpha, beta): X / (X + Y) with X and Y gamma variates of these shapes. Throws InvalidInputError
 * unless both are from 1e-3 to 1e9. Not a method of `Rng`, so that pages that never draw one need not load it.
 */
export function sampleBeta(rng: Rng, alpha: number, beta: number): number {
  for (const [field, shape] of Object.entries({ alpha, beta })) {
    if (shape >= SMALLEST && shape <= LARGEST) continue;
    throw new InvalidInputError(
      field,
      `expected a number from ${SMALLEST} to ${LARGEST}, got ${String(shape)}`,
    );
  }
  const ratio = sampleLogGamma(rng, beta) - sampleLogGamma(rng, alpha);
  return 1 / (1 + portableExp(Math.min(Math.max(ratio, -LARGEST_RATIO), LARGEST_RATIO)));
}

/**
 * The logarithm of a gamma variate, by rejection (Marsaglia and Tsang 2000). A shape below 1 takes the variate of the
 * shape plus 1 times U^(1 / shape), which may be too small for a double.
 */
function sampleLogGamma(source: UniformSource, shape: number): number {
  if (shape < 1) return sampleLogGamma(source, shape + 1) + portableLog(1 - source.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = sampleStandardNormal(source);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const logV = portableLog(v);
    if (portableLog(1 - source.uniform()) < (x * x) / 2 + d * (1 - v + logV)) return portableLog(d) + logV;
  }
}
