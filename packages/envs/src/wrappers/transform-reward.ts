import type { Environment, StepResult } from '@maxent/core';
import { EnvironmentWrapper } from './wrapper.js';

/** Pays `transform(reward)` in place of every reward. */
export class TransformReward<Observation, Action> extends EnvironmentWrapper<Observation, Action> {
  constructor(
    inner: Environment<Observation, Action>,
    private readonly transform: (reward: number) => number,
  ) {
    super(inner);
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.inner.step(action);
    return { ...result, reward: this.transform(result.reward) };
  }
}
