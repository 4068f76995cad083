import { type Rng, sparseRowsOf } from '@maxent/core';
import type { HiddenMarkovModel } from '../model.js';

export interface Case {
  readonly model: HiddenMarkovModel;
  readonly logLikelihoods: Float64Array;
}

export interface CaseOptions {
  /** Chance that a probability is exactly 0. */
  readonly zeros?: number;
  /** Positive weights are 10^-uniform(0, decades) before they are normalized. */
  readonly decades?: number;
  /** Standard deviation of the log-likelihoods. */
  readonly scale?: number;
  readonly layout?: 'dense' | 'sparse' | 'varying';
}

/** Returns a random model with random log-likelihoods; some of them are -Infinity and some rows are missing. */
export function randomCase(rng: Rng, stateCount: number, length: number, options: CaseOptions = {}): Case {
  const { zeros = 0, decades = 1, scale = 2, layout = 'dense' } = options;
  const matrix = () => {
    const rows = Array.from({ length: stateCount }, () =>
      randomDistribution(rng, stateCount, zeros, decades),
    );
    return Float64Array.from(rows.flatMap((row) => [...row]));
  };
  const transition =
    layout === 'dense'
      ? matrix()
      : layout === 'sparse'
        ? sparseRowsOf(matrix(), stateCount, stateCount)
        : Array.from({ length: length - 1 }, (_, t) =>
            t % 2 === 0 ? matrix() : sparseRowsOf(matrix(), stateCount, stateCount),
          );
  const logLikelihoods = new Float64Array(length * stateCount);
  for (let t = 0; t < length; t++) {
    if (rng.uniform() < 0.2) continue;
    for (let k = 0; k < stateCount; k++) {
      logLikelihoods[t * stateCount + k] = rng.uniform() < zeros / 3 ? -Infinity : rng.normal(-5, scale);
    }
  }
  return {
    model: { initial: randomDistribution(rng, stateCount, zeros, decades), transition },
    logLikelihoods,
  };
}

/** Returns numbers that are positive somewhere and sum to 1. */
export function randomDistribution(rng: Rng, size: number, zeros: number, decades: number): Float64Array {
  const certain = rng.integer(size);
  const weights = Float64Array.from({ length: size }, (_, i) =>
    i !== certain && rng.uniform() < zeros ? 0 : 10 ** (-decades * rng.uniform()),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
