import {
  type Environment,
  joinSnapshots,
  type ResetOptions,
  type ResetResult,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  type StatisticsOptions,
  type StepResult,
  showValue,
  splitSnapshot,
} from '@maxent/core';

/**
 * The environments of many tasks as one; each reset moves to the task that `nextTask` chooses. Its state is the state
 * of the current task: a reset with a seed forgets earlier episodes except for running statistics, which all tasks
 * share.
 */
export class TaskRotation implements Environment {
  readonly getState?: () => Snapshot;
  readonly setState?: (state: Snapshot) => void;
  readonly getStatistics?: () => Snapshot;
  readonly setStatistics?: (statistics: Snapshot, options?: StatisticsOptions) => void;
  private current = 0;

  constructor(
    private readonly environments: readonly Environment[],
    private readonly nextTask: () => number,
  ) {
    if (environments.every(({ getStatistics }) => getStatistics !== undefined)) {
      this.getStatistics = () => this.inner.getStatistics!();
      this.setStatistics = (statistics, options) => this.inner.setStatistics!(statistics, options);
    }
    const resumable = environments.every((environment) => environment.getState && environment.setState);
    if (!resumable) return;
    this.getState = () =>
      joinSnapshots({
        rotation: { arrays: {}, metadata: { task: this.current } },
        environment: this.inner.getState!(),
      });
    this.setState = (state) => this.restore(state);
  }

  get observationSpace(): Space<unknown> {
    return this.inner.observationSpace;
  }

  get actionSpace(): Space<unknown> {
    return this.inner.actionSpace;
  }

  /** The environment of the current task; messages name this one. */
  get inner(): Environment {
    return this.environments[this.current]!;
  }

  reset(options?: ResetOptions): ResetResult<unknown> {
    this.moveTo(this.nextTask());
    return this.inner.reset(options);
  }

  step(action: unknown): StepResult<unknown> {
    return this.inner.step(action);
  }

  close(): void {
    for (const environment of this.environments) environment.close();
  }

  private moveTo(task: number): void {
    const statistics = task === this.current ? undefined : this.getStatistics?.();
    this.current = task;
    if (statistics !== undefined) this.setStatistics!(statistics);
  }

  private restore(state: Snapshot): void {
    const task = splitSnapshot(state, 'rotation')?.metadata.task;
    const inner = splitSnapshot(state, 'environment');
    const environment = typeof task === 'number' ? this.environments[task] : undefined;
    if (environment === undefined || inner === undefined) {
      throw new SnapshotMismatchError(
        `tasks: the snapshot is in task ${showValue(task)}, but there are ${this.environments.length} tasks`,
      );
    }
    // An environment may hold nothing to set before its first reset.
    environment.reset({ seed: 0 });
    environment.setState!(inner);
    this.current = task as number;
  }
}
