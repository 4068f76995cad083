/** What shape a prior has. */
export interface PriorDesign {
  /** Entries of z, d. */
  readonly size: number;
  /** K, the number of Gaussians; one alone has mean 0. */
  readonly components: number;
  readonly minimumLogStd: number;
  readonly maximumLogStd: number;
}

/** Means of a mixture lie within this, where tanh is 0.9993. */
export const MEAN_LIMIT = 4;
/** Heights of a mixture's components are exp of at most this, or of at least minus this. */
export const HEIGHT_LIMIT = 5;

/** The number of outputs of the network: [heights of K components if K > 1, log stds, means if K > 1]. */
export function priorOutputs({ components, size }: PriorDesign): number {
  return components === 1 ? size : components * (1 + 2 * size);
}

/** log sigma = middle + halfRange times an output, which lies in [-1, 1]. */
export function logStdRange({ minimumLogStd, maximumLogStd }: PriorDesign): {
  readonly middle: number;
  readonly halfRange: number;
} {
  return { middle: (minimumLogStd + maximumLogStd) / 2, halfRange: (maximumLogStd - minimumLogStd) / 2 };
}
