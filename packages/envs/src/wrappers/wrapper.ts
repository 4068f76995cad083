import {
  type Environment,
  type Info,
  InvalidInputError,
  joinSnapshots,
  type RenderOptions,
  type ResetOptions,
  type ResetResult,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  type StatisticsOptions,
  type StepResult,
  showStored,
  showValue,
  splitSnapshot,
} from '@maxent/core';

/**
 * An environment around another one. Everything passes through unless a subclass changes it. `render`, `observe`,
 * `getState` and `setState` exist only where the inner environment has them. A wrapper's snapshot holds its own state
 * and, nested, the inner environment's.
 *
 * `StepInfo` is the type of what a wrapper's steps report, and `InnerStepInfo` of what the inner steps report.
 *
 * A wrapper that keeps running statistics over episodes defines the methods `saveStatistics` and `loadStatistics`. The
 * statistics are then stored with the policy, and shared with every environment that evaluates it. A wrapper that
 * changes rewards to help the learner keeps the environment's own as `originalReward`:
 *
 *     return { ...result, reward, originalReward: originalRewardOf(result) };
 */
export abstract class EnvironmentWrapper<
  Observation,
  Action,
  InnerObservation = Observation,
  StepInfo extends Info = Info,
  InnerStepInfo extends Info = StepInfo,
> implements Environment<Observation, Action, StepInfo>
{
  readonly render?: (options?: RenderOptions) => string | Promise<string>;
  readonly observe?: () => Observation;
  readonly getState?: () => Snapshot;
  readonly setState?: (state: Snapshot) => void;
  readonly getStatistics?: () => Snapshot;
  readonly setStatistics?: (statistics: Snapshot, options?: StatisticsOptions) => void;
  readonly maxEpisodeSteps?: number;

  constructor(readonly inner: Environment<InnerObservation, Action, InnerStepInfo>) {
    if (inner.maxEpisodeSteps !== undefined) this.maxEpisodeSteps = inner.maxEpisodeSteps;
    if (this.saveStatistics !== undefined || inner.getStatistics !== undefined) {
      this.getStatistics = () => this.collectStatistics();
      this.setStatistics = (statistics, options) => this.spreadStatistics(statistics, options);
    }
    if (inner.render !== undefined) this.render = (options) => inner.render!(this.renderOptions(options));
    if (inner.observe !== undefined) {
      this.observe = () => this.view(inner.observe!());
    }
    if (inner.getState === undefined || inner.setState === undefined) return;
    this.getState = () => joinSnapshots({ wrapper: this.saveOwn(), inner: inner.getState!() });
    this.setState = (state) => {
      const innerState = this.requirePart(state, 'inner');
      const ownState = this.requirePart(state, 'wrapper');
      inner.setState!(innerState);
      this.loadOwn(ownState);
    };
  }

  get observationSpace(): Space<Observation> {
    return this.inner.observationSpace as Space<unknown> as Space<Observation>;
  }

  get actionSpace(): Space<Action> {
    return this.inner.actionSpace;
  }

  reset(options?: ResetOptions): ResetResult<Observation, Partial<StepInfo>> {
    const result = this.inner.reset(options) as ResetResult<InnerObservation, Info> as ResetResult<
      InnerObservation,
      Partial<StepInfo>
    >;
    return { ...result, observation: this.view(result.observation) };
  }

  step(action: Action): StepResult<Observation, StepInfo> {
    const result = this.inner.step(action) as StepResult<InnerObservation, Info> as StepResult<
      InnerObservation,
      StepInfo
    >;
    return { ...result, observation: this.view(result.observation) };
  }

  close(): void {
    this.inner.close();
  }

  /** Maps an inner observation to the outer one; by default they are the same. Change `observationSpace` with it. */
  protected view(observation: InnerObservation): Observation {
    return observation as unknown as Observation;
  }

  /** What the inner environment is asked to draw; by default what this one is asked. */
  protected renderOptions(options?: RenderOptions): RenderOptions | undefined {
    return options;
  }

  /** This wrapper's own state; empty by default. */
  protected saveOwn(): Snapshot {
    return { arrays: {}, metadata: {} };
  }

  /** Restores what `saveOwn` returned. Throws SnapshotMismatchError if it does not fit. */
  protected loadOwn(_own: Snapshot): void {}

  /**
   * The running statistics that this wrapper keeps over episodes, and anything else that must outlive episodes. If
   * there are any, define this as a method, together with `loadStatistics`.
   */
  protected saveStatistics?(): Snapshot;

  /**
   * Restores what `saveStatistics` returned. If `frozen`, the statistics no longer change; otherwise they keep
   * updating. Throws SnapshotMismatchError, changing nothing, if they do not fit.
   */
  protected loadStatistics?(statistics: Snapshot, frozen: boolean): void;

  /** This wrapper's name in a snapshot of statistics. */
  protected get statisticsName(): string {
    return this.constructor.name;
  }

  private collectStatistics(): Snapshot {
    const inner = this.inner.getStatistics?.();
    const own = this.saveStatistics?.();
    if (own === undefined) return inner!;
    const wrapper: Snapshot = { arrays: {}, metadata: { name: this.statisticsName } };
    return joinSnapshots({ wrapper, own, ...(inner && { inner }) });
  }

  private spreadStatistics(statistics: Snapshot, options: StatisticsOptions = {}): void {
    if (this.loadStatistics === undefined) {
      this.inner.setStatistics?.(statistics, options);
      return;
    }
    // Statistics of wrappers that this environment does not have, such as one for rewards, are ignored.
    let level: Snapshot | undefined = statistics;
    while (level !== undefined && splitSnapshot(level, 'wrapper')?.metadata.name !== this.statisticsName) {
      level = splitSnapshot(level, 'inner');
    }
    const own = level && splitSnapshot(level, 'own');
    const inner = level && splitSnapshot(level, 'inner');
    if (own === undefined || (inner === undefined && this.inner.setStatistics !== undefined)) {
      throw new SnapshotMismatchError(
        `${this.constructor.name}: the statistics come from an environment that is not wrapped like this one`,
      );
    }
    if (inner !== undefined) this.inner.setStatistics?.(inner, options);
    this.loadStatistics(own, options.frozen ?? false);
  }

  private requirePart(state: Snapshot, name: string): Snapshot {
    const part = splitSnapshot(state, name);
    if (part === undefined) {
      throw new SnapshotMismatchError(
        `${this.constructor.name}: the snapshot has no part "${name}"; it was not made by an environment wrapped like this one`,
      );
    }
    return part;
  }
}

/** The environment's own reward for a step, whatever inner wrappers made of it. */
export function originalRewardOf({ reward, originalReward = reward }: StepResult<unknown, unknown>): number {
  return originalReward;
}

/**
 * The reward of a step, for a wrapper to compute with. Throws InvalidInputError if it is not a number: arithmetic would
 * silently convert a string or an array of one entry.
 */
export function requireReward({ reward }: StepResult<unknown, unknown>): number {
  if (typeof reward === 'number') return reward;
  throw new InvalidInputError('reward', `expected a finite number from step, got ${showValue(reward)}`);
}

/** A number from a wrapper's own state, by name. Throws SnapshotMismatchError if it is missing. */
export function requireNumber(own: Snapshot, name: string): number {
  const value = own.metadata[name];
  if (typeof value !== 'number') {
    throw new SnapshotMismatchError(`metadata.${name}: expected a number, got ${showStored(value)}`);
  }
  return value;
}
