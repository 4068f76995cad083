import {
  type ActionCoordinates,
  ActionScaling,
  ActorCritic,
  type ActorCriticUpdates,
  DiscreteActions,
  DiscreteActorCritic,
  GaussianPolicy,
  WHERE_SPACES_ARE,
} from '@maxent/agents';
import { InvalidInputError, isBox, isDiscrete, type Rng, type Space, SpaceMismatchError } from '@maxent/core';
import type { PearlConfig } from './config.js';

/** What depends on the kind of actions: their coordinates, and which form of soft actor-critic learns. */
export interface TaskActions<Action> {
  readonly coordinates: ActionCoordinates<Action>;
  createActorCritic(options: { readonly stateSize: number; readonly rng: Rng }): ActorCriticUpdates;
}

/**
 * Soft actor-critic for a bounded Box, discrete soft actor-critic for Discrete actions. Throws SpaceMismatchError for
 * any other space, InvalidInputError for a setting that makes no sense with Discrete actions.
 */
export function taskActions<Action>(
  space: Space<unknown>,
  name: string,
  config: PearlConfig,
): TaskActions<Action> {
  const actions = isDiscrete(space)
    ? discreteActions(DiscreteActions.of(space, name), name, config)
    : continuousActions(space, name, config);
  return actions as unknown as TaskActions<Action>;
}

function continuousActions(space: Space<unknown>, name: string, config: PearlConfig) {
  if (!isBox(space)) {
    throw new SpaceMismatchError(
      `${name} needs a Box action space with finite bounds, or a Discrete one, got ${space.toString()}. ${WHERE_SPACES_ARE}`,
    );
  }
  const coordinates = ActionScaling.of(space, name);
  const { hiddenSizes, policyRegularization: regularization } = config;
  const makePolicy = (options: ConstructorParameters<typeof GaussianPolicy>[0]) =>
    new GaussianPolicy({ ...options, hiddenSizes, regularization });
  return {
    coordinates,
    createActorCritic: (options: { stateSize: number; rng: Rng }) =>
      new ActorCritic({
        ...options,
        config,
        design: { name, coordinates, makePolicy: (policy) => makePolicy({ ...policy, hiddenSizes }) },
      }),
  };
}

function discreteActions(coordinates: DiscreteActions, name: string, config: PearlConfig) {
  if (config.valueNetwork) {
    throw new InvalidInputError(
      'config.valueNetwork',
      'expected false with Discrete actions: their soft value is a sum over actions and needs no network',
    );
  }
  if (config.policyRegularization > 0) {
    throw new InvalidInputError(
      'config.policyRegularization',
      `expected 0 with Discrete actions, which have no mean or standard deviation; got ${config.policyRegularization}`,
    );
  }
  const { targetEntropy, criticCount } = config;
  return {
    coordinates,
    createActorCritic: (options: { stateSize: number; rng: Rng }) =>
      new DiscreteActorCritic({
        ...options,
        name,
        actionCount: coordinates.size,
        criticCount,
        config: { ...config, targetEvery: 1, loss: 'squared' },
        targetEntropy: targetEntropy === 'auto' ? coordinates.targetEntropy : targetEntropy,
      }),
  };
}
