import {
  type Environment,
  type Info,
  InvalidInputError,
  InvalidStateError,
  type ResetOptions,
  type ResetResult,
  type Snapshot,
  SnapshotMismatchError,
  type StepResult,
} from '@maxent/core';
import { EnvironmentWrapper, requireNumber } from './wrapper.js';

/**
 * Cuts episodes off after `maxEpisodeSteps` steps by setting `truncated`; `terminated` stays as the
 * inner environment set it, so that a learner keeps bootstrapping from the last state.
 */
export class TimeLimit<Observation, Action, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Observation,
  Action,
  Observation,
  StepInfo
> {
  /** The number of steps since the last reset. */
  private elapsed = 0;

  /** Throws InvalidInputError unless `maxEpisodeSteps` is a positive integer. */
  constructor(
    inner: Environment<Observation, Action, StepInfo>,
    override readonly maxEpisodeSteps: number,
  ) {
    super(inner);
    if (!Number.isInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
      throw new InvalidInputError('maxEpisodeSteps', `expected a positive integer, got ${maxEpisodeSteps}`);
    }
  }

  override reset(options?: ResetOptions): ResetResult<Observation, Partial<StepInfo>> {
    const result = this.inner.reset(options);
    this.elapsed = 0;
    return result;
  }

  override step(action: Action): StepResult<Observation, StepInfo> {
    if (this.elapsed >= this.maxEpisodeSteps) {
      throw new InvalidStateError(`step: the episode ended after ${this.elapsed} steps; call reset first`);
    }
    const result = this.inner.step(action);
    this.elapsed += 1;
    return this.elapsed < this.maxEpisodeSteps ? result : { ...result, truncated: true };
  }

  protected override saveOwn(): Snapshot {
    return { arrays: {}, metadata: { elapsedSteps: this.elapsed } };
  }

  protected override loadOwn(own: Snapshot): void {
    const elapsed = requireNumber(own, 'elapsedSteps');
    if (!Number.isInteger(elapsed) || elapsed < 0 || elapsed > this.maxEpisodeSteps) {
      throw new SnapshotMismatchError(
        `metadata.elapsedSteps: expected an integer from 0 to ${this.maxEpisodeSteps}, got ${elapsed}`,
      );
    }
    this.elapsed = elapsed;
  }
}
