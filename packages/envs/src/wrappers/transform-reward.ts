import type { Environment, StepResult } from '@maxent/core';
import { EnvironmentWrapper } from './wrapper.js';

/** Pays `transform(reward, result)` in place of every reward; `result` is all that the step gave. */
export class TransformReward<Observation, Action> extends EnvironmentWrapper<Observation, Action> {
  constructor(
    inner: Environment<Observation, Action>,
    private readonly transform: (reward: number, result: StepResult<Observation>) => number,
  ) {
    super(inner);
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.inner.step(action);
    return { ...result, reward: this.transform(result.reward, result) };
  }
}
