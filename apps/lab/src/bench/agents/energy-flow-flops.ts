import { countWeights } from '../count-weights.js';

/** Sizes of one gradient step of MEow with additive couplings and one Gaussian. */
export interface EnergyFlowSizes {
  readonly batchSize: number;
  readonly observationSize: number;
  /** At least 2: one action entry has a single coupling. */
  readonly actionSize: number;
  readonly hiddenSizes: readonly number[];
  readonly flowHiddenSizes: readonly number[];
  readonly couplingLayers: number;
  readonly couplingHiddenSize: number;
}

/**
 * Floating-point operations of the matrix products that one MEow gradient step needs: two for each multiply-add.
 *
 * With W(net) the number of weights of a network (its multiply-adds per row, forward) and F(net) the number in its
 * first layer, a row of the batch needs
 *
 *     target       W(prior) + 2 W(shift)                                    at s'; no couplings
 *     loss         W(prior) + W(embedding) + C + 2 W(shift)                 forward, C for all couplings together
 *     gradients    2 W(prior) - F(prior) + 2 W(embedding) - F(embedding)    of weights, and of inputs beyond layer one
 *                  + 2 C - K + 2 (2 W(shift) - F(shift))                    K: from the kept entries of the first coupling
 */
export function energyFlowFlops(sizes: EnergyFlowSizes): number {
  const { batchSize, observationSize, actionSize, couplingLayers, couplingHiddenSize: width } = sizes;
  const prior = countWeights([observationSize, ...sizes.flowHiddenSizes, actionSize]);
  const embedding = countWeights([observationSize, ...sizes.flowHiddenSizes, couplingLayers * width]);
  const shift = countWeights([observationSize, ...sizes.hiddenSizes, 1]);
  // Each coupling reads some entries into its hidden layer, and computes a shift of each of the others.
  const couplings = couplingLayers * actionSize * width;
  const half = Math.floor(actionSize / 2);
  // The inverse runs from the last coupling on; its input is data.
  const keptByLast = couplingLayers % 2 === 1 ? actionSize - half : half;
  const target = prior.all + 2 * shift.all;
  const forward = prior.all + embedding.all + couplings + 2 * shift.all;
  const gradients =
    2 * prior.all -
    prior.first +
    2 * embedding.all -
    embedding.first +
    2 * couplings -
    keptByLast * width +
    2 * (2 * shift.all - shift.first);
  return 2 * batchSize * (target + forward + gradients);
}
