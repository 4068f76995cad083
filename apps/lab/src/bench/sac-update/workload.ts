import type { SoftActorCriticConfig } from '@maxent/agents';
import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { Box, type BoxArray, Rng, type Transition } from '@maxent/core';
import type { UpdateSizes } from './flop-count.js';

/** HalfCheetah's sizes with the hyperparameters of most SAC papers. */
export const benchmarkSizes: UpdateSizes = {
  batchSize: 256,
  observationSize: 17,
  actionSize: 6,
  hiddenSizes: [256, 256],
};

export type BoxTransition = Transition<BoxArray, BoxArray>;

/** Transitions of no particular task: normal observations and rewards, uniform actions. */
export function randomTransitions(count: number, seed: number, sizes: UpdateSizes): BoxTransition[] {
  const rng = Rng.fromSeed(seed).split('transitions');
  const normal = (size: number): Float32Array => {
    const values = new Float32Array(size);
    rng.fillNormal(values);
    return values;
  };
  return Array.from({ length: count }, () => {
    const action = new Float32Array(sizes.actionSize);
    rng.fillUniform(action, -1, 1);
    return {
      observation: normal(sizes.observationSize),
      action,
      reward: rng.normal(),
      nextObservation: normal(sizes.observationSize),
      terminated: rng.uniform() < 0.01,
      truncated: false,
    };
  });
}

/** The real agent, learning from its first transition on. */
export function makeAgent(
  sizes: UpdateSizes,
  seed: number,
  settings: Partial<SoftActorCriticConfig> = {},
): SoftActorCritic {
  const { observationSize, actionSize, batchSize, hiddenSizes } = sizes;
  const config = softActorCriticConfig.parse({
    batchSize,
    hiddenSizes: [...hiddenSizes],
    learningStarts: 0,
    replayCapacity: 100_000,
    ...settings,
  });
  const context = {
    observationSpace: new Box({
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      shape: [observationSize],
    }),
    actionSpace: new Box({ low: -1, high: 1, shape: [actionSize] }),
    rng: Rng.fromSeed(seed).split('agent'),
  };
  return new SoftActorCritic(context, config);
}
