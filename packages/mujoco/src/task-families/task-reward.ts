import type { BoxArray, Environment, Info, StepResult } from '@maxent/core';
import { EnvironmentWrapper } from '@maxent/envs';

/** Adds the reward of a task, computed from what a step reports, to the environment's own, as `info.rewardTask`. */
export class TaskReward extends EnvironmentWrapper<BoxArray, BoxArray> {
  constructor(
    inner: Environment<BoxArray, BoxArray>,
    private readonly rewardOf: (info: Info) => number,
  ) {
    super(inner);
  }

  override step(action: BoxArray): StepResult<BoxArray> {
    const result = super.step(action);
    const rewardTask = this.rewardOf(result.info);
    return { ...result, reward: result.reward + rewardTask, info: { ...result.info, rewardTask } };
  }
}
