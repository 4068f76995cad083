import type { Environment, EpisodeEnd, Info } from '@maxent/core';

/** One environment's part of a `VectorStepResult`. */
export interface LaneStep<Observation> {
  readonly observation: Observation;
  readonly info: Info;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly end: EpisodeEnd<Observation> | null;
}

/** Steps one environment, and resets it when that ends the episode. */
export function advance<Observation, Action>(
  environment: Environment<Observation, Action>,
  action: Action,
): LaneStep<Observation> {
  const { observation, reward, terminated, truncated, info } = environment.step(action);
  const flags = { reward, terminated, truncated };
  if (!terminated && !truncated) return { observation, info, ...flags, end: null };
  return { ...environment.reset(), ...flags, end: { observation, info } };
}
