import { countWeights } from '../count-weights.js';

/** Sizes of one gradient step of an agent with an actor and two critics. */
export interface StepSizes {
  readonly batchSize: number;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly hiddenSizes: readonly number[];
  readonly criticHiddenSizes: readonly number[];
}

/**
 * Multiply-adds of the dense layers in one gradient step of SAC. With A and C those of a row's forward pass through actor
 * and one critic, a row needs A for the next action, 2 C for its targets, 6 C for the critics' step (forward, gradients of
 * weights and of inputs), and 3 A + 4 C for the actor's.
 */
export function sacMultiplyAdds(sizes: StepSizes): number {
  const [actor, critic] = forward(sizes);
  return sizes.batchSize * (4 * actor + 12 * critic);
}

/**
 * The same for CrossQ: A for the next action, 12 C for the critics' step, which has two rows for each transition, and
 * 3 A + 4 C for the actor's in one step of `policyDelay`.
 */
export function crossQMultiplyAdds(sizes: StepSizes, policyDelay: number): number {
  const [actor, critic] = forward(sizes);
  return sizes.batchSize * (actor + 12 * critic + (3 * actor + 4 * critic) / policyDelay);
}

function forward({ observationSize, actionSize, hiddenSizes, criticHiddenSizes }: StepSizes) {
  return [
    countWeights([observationSize, ...hiddenSizes, 2 * actionSize]).all,
    countWeights([observationSize + actionSize, ...criticHiddenSizes, 1]).all,
  ] as const;
}
