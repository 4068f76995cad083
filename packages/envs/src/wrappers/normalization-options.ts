import { InvalidInputError, RunningStatistics } from '@maxent/core';

export interface NormalizationOptions {
  /**
   * The statistics to normalize with, to share those of another wrapper. Default: new ones, of nothing seen yet.
   */
  readonly statistics?: RunningStatistics;
  /**
   * Only read the statistics. Use it for an evaluation environment, together with the training environment's
   * `statistics`: it then sees what the policy has learned from, and evaluating changes nothing. Default false.
   */
  readonly frozen?: boolean;
  /** Added to the variance before its root divides. Positive; default 1e-8. */
  readonly epsilon?: number;
}

/** The options with their defaults. Throws InvalidInputError for an epsilon that is not positive, or another size. */
export function resolveNormalization(
  { statistics, frozen = false, epsilon = 1e-8 }: NormalizationOptions,
  size: number,
): Required<NormalizationOptions> {
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new InvalidInputError('epsilon', `expected a positive number, got ${epsilon}`);
  }
  if (statistics !== undefined && statistics.size !== size) {
    throw new InvalidInputError('statistics', `expected a size of ${size}, got ${statistics.size}`);
  }
  return { statistics: statistics ?? new RunningStatistics(size), frozen, epsilon };
}
