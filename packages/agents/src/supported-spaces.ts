import {
  type Box,
  type Discrete,
  isBoundedBox,
  isBox,
  isDiscrete,
  requireSpace,
  type Space,
  SpaceMismatchError,
} from '@maxent/core';

/** Agents of this package by the actions they support, for error messages. */
export const CONTINUOUS_ACTION_AGENTS = 'sac, crossq, meow or sql';
export const DISCRETE_ACTION_AGENTS = 'dqn, soft-dqn or discrete-sac';
const TABULAR_AGENTS = 'q-learning or soft-q-learning';
/** Ends every refusal of a space. */
export const WHERE_SPACES_ARE = 'SPACES.md of @maxent/agents lists what each agent takes.';

/** Advice for someone who asks an agent for continuous actions for a temperature of 0 or below. */
export const TEMPERATURE_ADVICE = `for continuous actions use the agent ${CONTINUOUS_ACTION_AGENTS} at a small one; for the limit of 0, on Discrete actions, dqn or q-learning`;

/** Throws SpaceMismatchError that says which agents fit, unless the actions are a Box with finite bounds. */
export function requireBoundedActions(space: Space<unknown>, agent: string): Box {
  requireSpace('actionSpace', space);
  if (isBoundedBox(space)) return space;
  const advice = isBox(space)
    ? 'Bound the actions with a wrapper.'
    : `For Discrete actions use the agent ${DISCRETE_ACTION_AGENTS}, or ${TABULAR_AGENTS} if observations are Discrete too.`;
  throw new SpaceMismatchError(
    `${agent} needs a Box action space with finite bounds, got ${space.toString()}. ${advice} ${WHERE_SPACES_ARE}`,
  );
}

/** Throws SpaceMismatchError that says which agents fit, unless the actions are Discrete. */
export function requireDiscreteActions(space: Space<unknown>, agent: string): Discrete {
  requireSpace('actionSpace', space);
  if (isDiscrete(space)) return space;
  throw new SpaceMismatchError(
    `${agent} needs a Discrete action space, got ${space.toString()}. For bounded continuous actions use the agent ${CONTINUOUS_ACTION_AGENTS}. ${WHERE_SPACES_ARE}`,
  );
}

/** Throws SpaceMismatchError that says which agents fit, unless the observations are Discrete. */
export function requireDiscreteObservations(space: Space<unknown>, agent: string): Discrete {
  requireSpace('observationSpace', space);
  if (isDiscrete(space)) return space;
  throw new SpaceMismatchError(
    `${agent} keeps a table and needs a Discrete observation space, got ${space.toString()}. ` +
      `For other observations use the agent ${DISCRETE_ACTION_AGENTS}. ${WHERE_SPACES_ARE}`,
  );
}
