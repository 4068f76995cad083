import { countWeights } from '../count-weights.js';

/** Sizes of one SAC gradient step. */
export interface UpdateSizes {
  readonly batchSize: number;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly hiddenSizes: readonly number[];
}

/**
 * Floating-point operations of the matrix products that one SAC gradient step needs: two for each multiply-add.
 *
 * With W(net) the number of weights of a network (its multiply-adds per row, forward) and F(net) the number in its
 * first layer, a row of the batch needs
 *
 *     target         W(actor) + 2 W(critic)                     actor at s', both target critics
 *     critic loss    2 W(critic)                                forward
 *                    2 (2 W(critic) - F(critic))                gradients of weights, and of inputs beyond layer one
 *     actor loss     W(actor) + 2 W(critic)                     actor and both critics, forward
 *                    2 W(critic)                                gradients of the critics' inputs, not of their weights
 *                    2 W(actor) - F(actor)                      gradients of the actor's weights
 *
 * Biases, activations, the squashed Gaussian, Adam and Polyak averaging are left out: together they are below 2 %.
 * Unneeded work (a tape's gradients of the critics' weights in the actor loss) does not count either, so the figure is
 * the same for every contender.
 */
export function updateFlops(sizes: UpdateSizes): number {
  const { batchSize, observationSize, actionSize, hiddenSizes } = sizes;
  const actor = countWeights([observationSize, ...hiddenSizes, 2 * actionSize]);
  const critic = countWeights([observationSize + actionSize, ...hiddenSizes, 1]);
  const target = actor.all + 2 * critic.all;
  const criticLoss = 2 * critic.all + 2 * (2 * critic.all - critic.first);
  const actorLoss = actor.all + 2 * critic.all + 2 * critic.all + 2 * actor.all - actor.first;
  return 2 * batchSize * (target + criticLoss + actorLoss);
}
