import { type Environment, type Info, InvalidInputError, type StepResult } from '@maxent/core';
import { EnvironmentWrapper, originalRewardOf, requireReward } from './wrapper.js';

/**
 * Repeats every action for up to `frames` inner steps, stopping if the episode ends. The reward is the sum over these
 * steps; everything else comes from the last one. A time limit outside this wrapper counts actions; one inside it
 * counts inner steps.
 */
export class FrameSkip<Observation, Action, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Observation,
  Action,
  Observation,
  StepInfo
> {
  /** Throws InvalidInputError unless `frames` is a positive integer. */
  constructor(
    inner: Environment<Observation, Action, StepInfo>,
    readonly frames: number,
  ) {
    super(inner);
    if (!Number.isInteger(frames) || frames < 1) {
      throw new InvalidInputError('frames', `expected a positive integer, got ${frames}`);
    }
  }

  override step(action: Action): StepResult<Observation, StepInfo> {
    let result = this.inner.step(action);
    let reward = requireReward(result);
    let originalReward = originalRewardOf(result);
    for (let frame = 1; frame < this.frames && !result.terminated && !result.truncated; frame++) {
      result = this.inner.step(action);
      reward += requireReward(result);
      originalReward += originalRewardOf(result);
    }
    return result.originalReward === undefined
      ? { ...result, reward }
      : { ...result, reward, originalReward };
  }
}
