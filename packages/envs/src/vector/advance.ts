import { copyValue, type Environment, type EpisodeEnd, type Info } from '@maxent/core';

/** One environment's part of a `VectorStepResult`. */
export interface LaneStep<Observation> {
  readonly observation: Observation;
  readonly info: Info;
  readonly reward: number;
  /** Undefined where it is `reward`. */
  readonly originalReward: number | undefined;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly end: EpisodeEnd<Observation> | null;
}

/**
 * Steps one environment, and resets it when that ends the episode. Names every entry: V8 before version 12 takes
 * microseconds to add entries to an object that begins with a spread.
 */
export function advance<Observation, Action>(
  environment: Environment<Observation, Action>,
  action: Action,
): LaneStep<Observation> {
  const { observation, reward, originalReward, terminated, truncated, info } = environment.step(action);
  if (!terminated && !truncated) {
    return { observation, info, reward, originalReward, terminated, truncated, end: null };
  }
  // The reset must not overwrite it, whatever the environment does with its arrays.
  const last = copyValue(observation);
  const start = environment.reset();
  return {
    observation: start.observation,
    info: start.info,
    reward,
    originalReward,
    terminated,
    truncated,
    end: { observation: last, info },
  };
}
