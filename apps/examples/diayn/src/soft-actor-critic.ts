import {
  type ActionCoordinates,
  ActionScaling,
  ActorCritic,
  type ActorCriticUpdates,
  DiscreteActions,
  DiscreteActorCritic,
  discreteSacConfig,
  GaussianPolicy,
  softActorCriticConfig,
} from '@maxent/agents';
import { type BoxArray, isDiscrete, parseConfig, type Rng, type Space } from '@maxent/core';
import type { DiaynConfig } from './config.js';

interface ActorCriticOptions {
  /** Size of a state as the networks read it. */
  readonly stateSize: number;
  readonly rng: Rng;
}

/** The form of soft actor-critic for a kind of actions. */
export interface SoftActorCriticFor<Action> {
  readonly coordinates: ActionCoordinates<Action>;
  create(options: ActorCriticOptions): ActorCriticUpdates;
}

/**
 * Soft actor-critic for a Box with finite bounds, discrete soft actor-critic for Discrete actions. Throws
 * SpaceMismatchError for any other space.
 */
export function softActorCriticFor(
  space: Space<unknown>,
  name: string,
  config: DiaynConfig,
): SoftActorCriticFor<BoxArray> | SoftActorCriticFor<number> {
  const { hiddenSizes, learningRate, discount, targetRate, temperature } = config;
  // What DIAYN does not set keeps its default there.
  const settings = {
    ...{ hiddenSizes, discount, targetRate, temperature },
    actorLearningRate: learningRate,
    criticLearningRate: learningRate,
  };
  if (isDiscrete(space)) {
    const coordinates = DiscreteActions.of(space, name);
    const { size: actionCount, targetEntropy } = coordinates;
    const discrete = parseConfig(discreteSacConfig, settings);
    const create = (options: ActorCriticOptions) =>
      new DiscreteActorCritic({ ...options, name, actionCount, targetEntropy, config: discrete });
    return { coordinates, create };
  }
  const coordinates = ActionScaling.of(space, name);
  const makePolicy = (options: Omit<ConstructorParameters<typeof GaussianPolicy>[0], 'hiddenSizes'>) =>
    new GaussianPolicy({ ...options, hiddenSizes });
  const design = { name, coordinates, makePolicy };
  const continuous = parseConfig(softActorCriticConfig, settings);
  return { coordinates, create: (options) => new ActorCritic({ ...options, design, config: continuous }) };
}
