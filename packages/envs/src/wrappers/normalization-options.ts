import { InvalidInputError, RunningStatistics } from '@maxent/core';

export interface NormalizationOptions {
  /**
   * The statistics to normalize with, for sharing them with another wrapper. Default: new, empty ones.
   */
  readonly statistics?: RunningStatistics;
  /**
   * Whether to only read the statistics. Set it for an evaluation environment, together with the training environment's
   * `statistics`: the policy then sees what it was trained on, and evaluating changes nothing. Default false.
   */
  readonly frozen?: boolean;
  /** Added to the variance before taking its square root. Positive; default 1e-8. */
  readonly epsilon?: number;
}

/** Fills in the defaults. Throws InvalidInputError for an epsilon that is not positive or statistics of wrong size. */
export function resolveNormalization(
  { statistics, frozen = false, epsilon = 1e-8 }: NormalizationOptions,
  size: number,
): Required<NormalizationOptions> {
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new InvalidInputError('epsilon', `expected a positive number, got ${epsilon}`);
  }
  if (statistics !== undefined && statistics.size !== size) {
    throw new InvalidInputError('statistics', `expected statistics of size ${size}, got ${statistics.size}`);
  }
  return { statistics: statistics ?? new RunningStatistics(size), frozen, epsilon };
}
