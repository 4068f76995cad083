import type { Info, ResetOptions, ResetResult, Snapshot, StepResult } from '@maxent/core';
import { EnvironmentWrapper, originalRewardOf, requireNumber, requireReward } from './wrapper.js';

export interface EpisodeStatistics {
  /** The undiscounted sum of the environment's own rewards in the episode. */
  readonly return: number;
  /** The number of steps. */
  readonly length: number;
}

type Recorded<StepInfo extends Info> = StepInfo & { readonly episode?: EpisodeStatistics };

/** Adds `episode: EpisodeStatistics` to the info of each episode's last step. Place it outside any TimeLimit. */
export class RecordEpisodeStatistics<
  Observation,
  Action,
  StepInfo extends Info = Info,
> extends EnvironmentWrapper<Observation, Action, Observation, Recorded<StepInfo>, StepInfo> {
  private total = 0;
  private length = 0;

  override reset(options?: ResetOptions): ResetResult<Observation, Partial<Recorded<StepInfo>>> {
    const result = this.inner.reset(options) as ResetResult<Observation, Partial<Recorded<StepInfo>>>;
    this.total = 0;
    this.length = 0;
    return result;
  }

  override step(action: Action): StepResult<Observation, Recorded<StepInfo>> {
    const result = this.inner.step(action) as StepResult<Observation, Recorded<StepInfo>>;
    requireReward(result);
    this.total += originalRewardOf(result);
    this.length += 1;
    if (!result.terminated && !result.truncated) return result;
    const episode: EpisodeStatistics = { return: this.total, length: this.length };
    return { ...result, info: { ...result.info, episode } };
  }

  protected override saveOwn(): Snapshot {
    return { arrays: {}, metadata: { return: this.total, length: this.length } };
  }

  protected override loadOwn(own: Snapshot): void {
    const total = requireNumber(own, 'return');
    this.length = requireNumber(own, 'length');
    this.total = total;
  }
}
