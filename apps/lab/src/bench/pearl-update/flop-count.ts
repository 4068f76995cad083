import { countWeights } from '../count-weights.js';

/** Sizes of one gradient step of PEARL. */
export interface MetaUpdateSizes {
  /** Tasks per step. */
  readonly tasks: number;
  /** Transitions of each task. */
  readonly batchSize: number;
  /** Transitions of context of each task. */
  readonly contextSize: number;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly latentSize: number;
  /** Hidden layers of actor, critics and value network. */
  readonly hiddenSizes: readonly number[];
  readonly encoderHiddenSizes: readonly number[];
}

/** The paper's HalfCheetah-Vel: 16 tasks of 256 transitions, layers of 300. */
export const paperSizes: MetaUpdateSizes = {
  tasks: 16,
  batchSize: 256,
  contextSize: 100,
  observationSize: 20,
  actionSize: 6,
  latentSize: 5,
  hiddenSizes: [300, 300, 300],
  encoderHiddenSizes: [200, 200, 200],
};

/**
 * Floating-point operations of the matrix products that one gradient step of PEARL's paper form needs: two for each
 * multiply-add. With W(net) the number of weights of a network, F(net) the number in its first layer and Z(net) the
 * number of those that read the latent, a row of the batch needs
 *
 *     value loss     W(actor) + 2 W(critic)                     one action and both critics, for the target
 *                    W(value) + 2 W(value) - F(value)           forward; gradients of weights, and beyond layer one
 *     target         W(value)                                   the average, at s'
 *     critic loss    2 W(critic)                                forward
 *                    2 (2 W(critic) - F(critic) + Z(critic))    gradients of weights, beyond layer one, of the latent
 *     actor loss     W(actor) + 2 W(critic)                     forward
 *                    2 W(critic)                                gradients of the critics' inputs
 *                    2 W(actor) - F(actor)                      gradients of the actor's weights
 *
 * and a row of context
 *
 *     encoder        W + 2 W - F
 */
export function metaUpdateFlops(sizes: MetaUpdateSizes): number {
  const { tasks, batchSize, contextSize, observationSize, actionSize, latentSize } = sizes;
  const { hiddenSizes, encoderHiddenSizes } = sizes;
  const state = observationSize + latentSize;
  const actor = countWeights([state, ...hiddenSizes, 2 * actionSize]);
  const critic = countWeights([state + actionSize, ...hiddenSizes, 1]);
  const value = countWeights([state, ...hiddenSizes, 1]);
  const encoder = countWeights([observationSize + actionSize + 1, ...encoderHiddenSizes, 2 * latentSize]);
  const latentWeights = latentSize * hiddenSizes[0]!;
  const valueLoss = actor.all + 2 * critic.all + 3 * value.all - value.first;
  const criticLoss = 2 * critic.all + 2 * (2 * critic.all - critic.first + latentWeights);
  const actorLoss = actor.all + 4 * critic.all + 2 * actor.all - actor.first;
  const perRow = valueLoss + value.all + criticLoss + actorLoss;
  const perContextRow = 3 * encoder.all - encoder.first;
  return 2 * tasks * (batchSize * perRow + contextSize * perContextRow);
}
