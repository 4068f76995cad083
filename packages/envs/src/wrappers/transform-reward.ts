import { type Environment, type Info, InvalidInputError, type StepResult, showValue } from '@maxent/core';
import { EnvironmentWrapper, originalRewardOf, requireReward } from './wrapper.js';

export interface TransformRewardOptions {
  /**
   * Whether the new reward defines the task, replacing the environment's own. By default it is false: the new reward
   * only helps the learner, steps keep the previous reward as `originalReward`, and evaluations and reports sum that.
   */
  readonly definesTask?: boolean;
}

/** Pays `transform(reward, result)` instead of every reward; `result` is the whole result of the step. */
export class TransformReward<Observation, Action, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Observation,
  Action,
  Observation,
  StepInfo
> {
  private readonly definesTask: boolean;

  constructor(
    inner: Environment<Observation, Action, StepInfo>,
    private readonly transform: (reward: number, result: StepResult<Observation, StepInfo>) => number,
    { definesTask = false }: TransformRewardOptions = {},
  ) {
    super(inner);
    if (typeof transform !== 'function') {
      throw new InvalidInputError(
        'transform',
        `expected a function of reward and result, got ${showValue(transform)}`,
      );
    }
    this.definesTask = definesTask;
  }

  override step(action: Action): StepResult<Observation, StepInfo> {
    const result = this.inner.step(action);
    const reward = this.transform(requireReward(result), result);
    if (!this.definesTask) return { ...result, reward, originalReward: originalRewardOf(result) };
    const { originalReward: _, ...rest } = result;
    return { ...rest, reward };
  }
}
