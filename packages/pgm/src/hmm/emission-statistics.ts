import type { CategoricalEmission, GaussianEmission, HmmEmission, HmmObservations } from './emission.js';
import { FAINT } from './forward-messages.js';

/** Expected sufficient statistics of an emission, and the emission that maximizes the likelihood under them. */
export interface EmissionStatistics {
  /** Adds a sequence, given p(z_t = k | y), [T, K]. Missing observations contribute nothing. */
  add(observations: HmmObservations, smoothed: Float64Array): void;
  /**
   * Returns the emission of highest likelihood. A state that is never visited at an observed time keeps its parameters.
   */
  maximize(): HmmEmission;
}

export function emissionStatistics(emission: HmmEmission, varianceFloor: number): EmissionStatistics {
  return emission.kind === 'categorical'
    ? new CategoricalStatistics(emission)
    : new GaussianStatistics(emission, varianceFloor);
}

class CategoricalStatistics implements EmissionStatistics {
  /** Expected number of times that state k emitted symbol m, [K, M]. */
  private readonly counts: Float64Array;

  constructor(private readonly emission: CategoricalEmission) {
    this.counts = new Float64Array(emission.probs.length);
  }

  add(observations: HmmObservations, smoothed: Float64Array): void {
    const { symbolCount } = this.emission;
    const stateCount = this.counts.length / symbolCount;
    for (let t = 0; t < observations.length; t++) {
      const symbol = observations[t]!;
      if (symbol === null) continue;
      for (let k = 0; k < stateCount; k++) {
        this.counts[k * symbolCount + symbol]! += smoothed[t * stateCount + k]!;
      }
    }
  }

  maximize(): CategoricalEmission {
    const { kind, symbolCount } = this.emission;
    const probs = Float64Array.from(this.emission.probs);
    for (let start = 0; start < probs.length; start += symbolCount) {
      normalizeCounts(this.counts, probs, start, start + symbolCount);
    }
    return { kind, symbolCount, probs };
  }
}

/** Weighted means and variances in one pass without cancellation (West 1979). */
class GaussianStatistics implements EmissionStatistics {
  private readonly weights: Float64Array;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;

  constructor(
    private readonly emission: GaussianEmission,
    private readonly varianceFloor: number,
  ) {
    const stateCount = emission.means.length;
    this.weights = new Float64Array(stateCount);
    this.means = new Float64Array(stateCount);
    this.squares = new Float64Array(stateCount);
  }

  add(observations: HmmObservations, smoothed: Float64Array): void {
    const { weights, means, squares } = this;
    const stateCount = weights.length;
    for (let t = 0; t < observations.length; t++) {
      const value = observations[t]!;
      if (value === null) continue;
      for (let k = 0; k < stateCount; k++) {
        const weight = smoothed[t * stateCount + k]!;
        if (weight < FAINT) continue;
        weights[k]! += weight;
        const deviation = value - means[k]!;
        means[k]! += (weight / weights[k]!) * deviation;
        squares[k]! += weight * deviation * (value - means[k]!);
      }
    }
  }

  maximize(): GaussianEmission {
    const { kind, means, stds } = this.emission;
    const visited = (k: number) => this.weights[k]! > 0;
    return {
      kind,
      means: means.map((mean, k) => (visited(k) ? this.means[k]! : mean)),
      // The likelihood falls beyond the unconstrained variance, so where that is below the floor, the floor is the
      // maximum.
      stds: stds.map((std, k) =>
        visited(k) ? Math.sqrt(Math.max(this.varianceFloor, this.squares[k]! / this.weights[k]!)) : std,
      ),
    };
  }
}

/**
 * Writes counts / their sum to `out` for start <= i < end; leaves `out` as it is for a state that was never visited.
 */
export function normalizeCounts(counts: Float64Array, out: Float64Array, start: number, end: number): void {
  let sum = 0;
  for (let i = start; i < end; i++) sum += counts[i]!;
  if (sum < FAINT) return;
  for (let i = start; i < end; i++) out[i] = counts[i]! / sum;
}
