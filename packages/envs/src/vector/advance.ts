import {
  copyValue,
  type Environment,
  EnvironmentFaultError,
  type EpisodeEnd,
  type Info,
  type ResetOptions,
  type ResetResult,
  resetProblem,
  stepProblem,
} from '@maxent/core';

/** One environment's part of a `VectorStepResult`. */
export interface LaneStep<Observation, StepInfo = Info> {
  readonly observation: Observation;
  readonly info: Partial<StepInfo>;
  readonly reward: number;
  /** Undefined if it equals `reward`. */
  readonly originalReward: number | undefined;
  /** 1 if undefined. */
  readonly duration: number | undefined;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly end: EpisodeEnd<Observation, StepInfo> | null;
}

/**
 * Resets one environment. The observation is a copy: the environment may overwrite its own, or share it with others in
 * the vector. Throws EnvironmentFaultError for a result that breaks the contract.
 */
export function begin<Observation, Action, StepInfo extends Info>(
  environment: Environment<Observation, Action, StepInfo>,
  options?: ResetOptions,
): ResetResult<Observation, Partial<StepInfo>> {
  const result = environment.reset(options);
  require(resetProblem(environment.observationSpace, result, true));
  return { observation: copyValue(result.observation), info: result.info };
}

/**
 * Steps one environment. If that ends the episode, resets it, with `seed` if there is one. Throws as `begin` does, and
 * copies observations as it does unless `keep` is false: then the observation is valid until the environment's next call.
 * The code names every entry, because V8 before version 12 takes microseconds to add entries to an object that begins
 * with a spread.
 */
export function advance<Observation, Action, StepInfo extends Info>(
  environment: Environment<Observation, Action, StepInfo>,
  action: Action,
  seed?: number,
  keep = true,
): LaneStep<Observation, StepInfo> {
  const result = environment.step(action);
  require(stepProblem(environment.observationSpace, result, true));
  const { reward, originalReward, duration, terminated, truncated, info } = result;
  const ended = terminated || truncated;
  const observation = keep || ended ? copyValue(result.observation) : result.observation;
  if (!ended) {
    return { observation, info, reward, originalReward, duration, terminated, truncated, end: null };
  }
  const start = begin(environment, seed === undefined ? {} : { seed });
  return {
    observation: start.observation,
    info: start.info,
    reward,
    originalReward,
    duration,
    terminated,
    truncated,
    end: { observation, info },
  };
}

function require(problem: string | undefined): void {
  if (problem !== undefined) throw new EnvironmentFaultError(`${problem}. Correct the environment.`);
}
