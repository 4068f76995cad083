import type { ResetOptions, ResetResult, Snapshot, StepResult } from '@maxent/core';
import { EnvironmentWrapper, originalRewardOf, requireNumber, requireReward } from './wrapper.js';

export interface EpisodeStatistics {
  /** Undiscounted sum of the episode's rewards, as the environment's author gives them. */
  readonly return: number;
  /** Number of steps. */
  readonly length: number;
}

/** Adds `episode: EpisodeStatistics` to the info of each episode's last step. Place it outside any TimeLimit. */
export class RecordEpisodeStatistics<Observation, Action> extends EnvironmentWrapper<Observation, Action> {
  private total = 0;
  private length = 0;

  override reset(options?: ResetOptions): ResetResult<Observation> {
    const result = this.inner.reset(options);
    this.total = 0;
    this.length = 0;
    return result;
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.inner.step(action);
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
