import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  isBox,
  type ResetOptions,
  type ResetResult,
  type RunningStatistics,
  requireForm,
  type Snapshot,
  SpaceMismatchError,
  type StepResult,
} from '@maxent/core';
import { type NormalizationOptions, resolveNormalization } from './normalization-options.js';
import { EnvironmentWrapper } from './wrapper.js';

/**
 * Shifts and scales observations to mean 0 and variance 1 by running statistics of all observations so far,
 * (x - mean) / sqrt(variance + epsilon) in float32, like Gymnasium's wrapper of the same name. The statistics outlive
 * resets, so equal seeds give equal episodes only while they are frozen.
 *
 * `train` and the command line store the statistics with the checkpoint, whether or not the inner environment has a
 * state, and set them, frozen, in the environments that evaluate the policy. In your own loop, share them:
 *
 *     const training = new NormalizeObservation(environment);
 *     const evaluation = new NormalizeObservation(another, { statistics: training.statistics, frozen: true });
 */
export class NormalizeObservation<Action, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Float32Array,
  Action,
  BoxArray,
  StepInfo
> {
  readonly statistics: RunningStatistics;
  private frozen: boolean;
  private readonly epsilon: number;
  private readonly normalized: Box<Float32Array>;

  /** Throws SpaceMismatchError unless observations are a Box; FlattenObservation turns any other space into one. */
  constructor(inner: Environment<BoxArray, Action, StepInfo>, options: NormalizationOptions = {}) {
    super(inner);
    const space = inner.observationSpace;
    if (!isBox(space)) {
      throw new SpaceMismatchError(
        `NormalizeObservation: expected a Box observation space, got ${space.toString()}; wrap the environment in FlattenObservation first`,
      );
    }
    const { statistics, frozen, epsilon } = resolveNormalization(options, space.flatSize);
    this.statistics = statistics;
    this.frozen = frozen;
    this.epsilon = epsilon;
    this.normalized = new Box({ low: -Infinity, high: Infinity, shape: space.shape, names: space.names });
  }

  override get observationSpace(): Box<Float32Array> {
    return this.normalized;
  }

  override reset(options?: ResetOptions): ResetResult<Float32Array, Partial<StepInfo>> {
    const result = this.inner.reset(options);
    return { ...result, observation: this.learnAndView(result.observation) };
  }

  override step(action: Action): StepResult<Float32Array, StepInfo> {
    const result = this.inner.step(action);
    return { ...result, observation: this.learnAndView(result.observation) };
  }

  protected override view(observation: BoxArray): Float32Array {
    this.requireObservation(observation);
    const { mean, variance } = this.statistics;
    return Float32Array.from(
      observation,
      (entry, i) => (entry - mean[i]!) / Math.sqrt(variance[i]! + this.epsilon),
    );
  }

  protected override saveOwn(): Snapshot {
    return this.statistics.save();
  }

  protected override loadOwn(own: Snapshot): void {
    this.statistics.load(own);
  }

  protected override get statisticsName(): string {
    return 'NormalizeObservation';
  }

  protected override saveStatistics(): Snapshot {
    return this.statistics.save();
  }

  protected override loadStatistics(statistics: Snapshot, frozen: boolean): void {
    this.statistics.load(statistics);
    this.frozen = frozen;
  }

  private learnAndView(observation: BoxArray): Float32Array {
    this.requireObservation(observation);
    if (!this.frozen) this.statistics.update(observation);
    return this.view(observation);
  }

  /** Checks an observation before it changes the statistics. */
  private requireObservation(observation: BoxArray): void {
    requireForm(this.inner.observationSpace, observation, 'NormalizeObservation: observation');
  }
}
