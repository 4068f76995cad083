import { Discrete, type Space, SpaceMismatchError } from '@maxent/core';

/** Agents of this package by what they can act on, for messages to who chose another kind. */
export const DISCRETE_ACTION_AGENTS = 'dqn, soft-dqn or discrete-sac';
export const TABULAR_AGENTS = 'q-learning or soft-q-learning';

/** Throws SpaceMismatchError that says which agents fit, unless the actions are Discrete. */
export function requireDiscreteActions(space: Space<unknown>, agent: string): Discrete {
  if (space instanceof Discrete) return space;
  throw new SpaceMismatchError(
    `${agent} needs a Discrete action space, got ${space.toString()}. For bounded continuous actions use the agent sac.`,
  );
}

/** Throws SpaceMismatchError that says which agents fit, unless the observations are Discrete. */
export function requireDiscreteObservations(space: Space<unknown>, agent: string): Discrete {
  if (space instanceof Discrete) return space;
  throw new SpaceMismatchError(
    `${agent} keeps a table and needs a Discrete observation space, got ${space.toString()}. ` +
      `For other observations use the agent ${DISCRETE_ACTION_AGENTS}.`,
  );
}
