import {
  type Environment,
  type Info,
  InvalidInputError,
  joinSnapshots,
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
 * A wrapper that adds to what steps report says so by `StepInfo`, where `InnerStepInfo` is what the inner ones report.
 *
 * A wrapper that keeps running statistics over episodes defines the methods `saveStatistics` and `loadStatistics`: they
 * are then stored with the policy, and shared with every environment that judges it. A wrapper that changes rewards for
 * the learner's sake keeps the author's as `originalReward`:
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
  readonly render?: () => unknown;
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
    if (inner.render !== undefined) this.render = () => inner.render?.();
    if (inner.observe !== undefined) {
      const observeInner = inner.observe.bind(inner);
      this.observe = () => this.view(observeInner());
    }
    if (inner.getState === undefined || inner.setState === undefined) return;
    const getInner = inner.getState.bind(inner);
    const setInner = inner.setState.bind(inner);
    this.getState = () => joinSnapshots({ wrapper: this.saveOwn(), inner: getInner() });
    this.setState = (state) => {
      const innerState = this.requirePart(state, 'inner');
      const ownState = this.requirePart(state, 'wrapper');
      setInner(innerState);
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

  /** How an inner observation looks from outside; as it is by default. A subclass changes `observationSpace` too. */
  protected view(observation: InnerObservation): Observation {
    return observation as unknown as Observation;
  }

  /** What this wrapper itself must remember; nothing by default. */
  protected saveOwn(): Snapshot {
    return { arrays: {}, metadata: {} };
  }

  /** Restores what `saveOwn` gave. Throws SnapshotMismatchError when it does not fit. */
  protected loadOwn(_own: Snapshot): void {}

  /**
   * The running statistics that this wrapper keeps over episodes, with all else that must outlive them; define it, as a
   * method and together with `loadStatistics`, where there are any.
   */
  protected saveStatistics?(): Snapshot;

  /**
   * Takes on what `saveStatistics` gave; `frozen`, from now on only reads it, otherwise goes on learning. Throws
   * SnapshotMismatchError, changing nothing, when it does not fit.
   */
  protected loadStatistics?(statistics: Snapshot, frozen: boolean): void;

  /** Names this wrapper among others in a snapshot of statistics. */
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
    // Wrappers that this environment does without, such as one of rewards, are passed over.
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

/** The reward of a step as the environment's author gives it, whatever wrappers inside made of it. */
export function originalRewardOf({ reward, originalReward = reward }: StepResult<unknown, unknown>): number {
  return originalReward;
}

/**
 * The reward of a step that a wrapper is about to compute with. Throws InvalidInputError for what is not a number:
 * arithmetic would make one of a text or an array of one entry, and nobody could tell later.
 */
export function requireReward({ reward }: StepResult<unknown, unknown>): number {
  if (typeof reward === 'number') return reward;
  throw new InvalidInputError('reward', `expected a finite number from step, got ${showValue(reward)}`);
}

/** The named number of a wrapper's own state. Throws SnapshotMismatchError when it is absent. */
export function requireNumber(own: Snapshot, name: string): number {
  const value = own.metadata[name];
  if (typeof value !== 'number') {
    throw new SnapshotMismatchError(`metadata.${name}: expected a number, got ${showStored(value)}`);
  }
  return value;
}
