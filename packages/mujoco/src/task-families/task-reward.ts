import type { BoxArray, Environment, GoalMark, Info, RenderOptions, StepResult } from '@maxent/core';
import { EnvironmentWrapper } from '@maxent/envs';

/**
 * Adds the reward of a task, computed from the info of a step, to the environment's own, and reports it as
 * `info.rewardTask`. Pictures mark the task's `goal`, if it has one.
 */
export class TaskReward<Observation extends BoxArray, InnerStepInfo extends Info> extends EnvironmentWrapper<
  Observation,
  BoxArray,
  Observation,
  InnerStepInfo & { readonly rewardTask: number },
  InnerStepInfo
> {
  constructor(
    inner: Environment<Observation, BoxArray, InnerStepInfo>,
    private readonly rewardOf: (info: InnerStepInfo) => number,
    private readonly goal?: GoalMark,
  ) {
    super(inner);
  }

  protected override renderOptions({ goals = [] }: RenderOptions = {}): RenderOptions {
    return { goals: this.goal === undefined ? goals : [...goals, this.goal] };
  }

  override step(action: BoxArray): StepResult<Observation, InnerStepInfo & { readonly rewardTask: number }> {
    const result = super.step(action);
    const rewardTask = this.rewardOf(result.info);
    return { ...result, reward: result.reward + rewardTask, info: { ...result.info, rewardTask } };
  }
}
