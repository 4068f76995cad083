import {
  type Environment,
  type Info,
  InvalidInputError,
  joinSnapshots,
  type RunningStatistics,
  type Snapshot,
  SnapshotMismatchError,
  type StepResult,
  splitSnapshot,
} from '@maxent/core';
import { type NormalizationOptions, resolveNormalization } from './normalization-options.js';
import { EnvironmentWrapper, originalRewardOf, requireNumber, requireReward } from './wrapper.js';

export interface NormalizeRewardOptions extends NormalizationOptions {
  /** The discount of the running return whose variance scales rewards, in [0, 1]. Default 0.99. */
  readonly discount?: number;
}

/**
 * Divides rewards by sqrt(variance + epsilon), where the variance is that of a running discounted return over all steps
 * so far, like Gymnasium's wrapper of the same name. The return is u_t = discount u_(t-1) + r_t. It starts again from
 * r_t at a terminated step and continues through truncations and resets. The mean is not subtracted. As in
 * NormalizeObservation, the statistics are stored with checkpoints and are frozen when a policy is evaluated. Steps
 * keep the environment's own reward as `originalReward`, and evaluations and reports sum that.
 */
export class NormalizeReward<Observation, Action, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Observation,
  Action,
  Observation,
  StepInfo
> {
  readonly statistics: RunningStatistics;
  private frozen: boolean;
  private readonly epsilon: number;
  private readonly discount: number;
  private runningReturn = 0;

  /** Throws InvalidInputError for a discount outside [0, 1] or an epsilon that is not positive. */
  constructor(
    inner: Environment<Observation, Action, StepInfo>,
    { discount = 0.99, ...options }: NormalizeRewardOptions = {},
  ) {
    super(inner);
    if (!(discount >= 0 && discount <= 1)) {
      throw new InvalidInputError('discount', `expected a number from 0 to 1, got ${discount}`);
    }
    const { statistics, frozen, epsilon } = resolveNormalization(options, 1);
    this.statistics = statistics;
    this.frozen = frozen;
    this.epsilon = epsilon;
    this.discount = discount;
  }

  override step(action: Action): StepResult<Observation, StepInfo> {
    const result = this.inner.step(action);
    const reward = requireReward(result);
    const { terminated } = result;
    this.runningReturn = (terminated ? 0 : this.discount * this.runningReturn) + reward;
    if (!this.frozen) this.statistics.update([this.runningReturn]);
    return {
      ...result,
      reward: reward / Math.sqrt(this.statistics.variance[0]! + this.epsilon),
      originalReward: originalRewardOf(result),
    };
  }

  protected override get statisticsName(): string {
    return 'NormalizeReward';
  }

  protected override saveStatistics(): Snapshot {
    return this.saveOwn();
  }

  protected override loadStatistics(statistics: Snapshot, frozen: boolean): void {
    this.loadOwn(statistics);
    this.frozen = frozen;
  }

  protected override saveOwn(): Snapshot {
    return joinSnapshots({
      statistics: this.statistics.save(),
      running: { arrays: {}, metadata: { return: this.runningReturn } },
    });
  }

  protected override loadOwn(own: Snapshot): void {
    const statistics = splitSnapshot(own, 'statistics');
    const running = splitSnapshot(own, 'running');
    if (statistics === undefined || running === undefined) {
      throw new SnapshotMismatchError('NormalizeReward: the snapshot has no statistics and running return');
    }
    const runningReturn = requireNumber(running, 'return');
    this.statistics.load(statistics);
    this.runningReturn = runningReturn;
  }
}
