import {
  type Agent,
  Box,
  type BoxArray,
  type Environment,
  type JsonObject,
  SpaceMismatchError,
  type StepResult,
  type UpdateResult,
} from '@maxent/core';

const EPISODE_STEPS = 30;

/** Steers a point toward 0; like the environments of `@maxent/envs`, it refuses an action outside its space. */
export class PointEnvironment implements Environment<BoxArray, BoxArray> {
  readonly observationSpace = new Box({ low: [-10], high: [10], dataType: 'float64' });
  readonly actionSpace = new Box({ low: [-1], high: [1], dataType: 'float64' });
  private position = 0;
  private elapsed = 0;

  reset(): { observation: BoxArray; info: JsonObject } {
    this.position = 1;
    this.elapsed = 0;
    return { observation: Float64Array.of(this.position), info: {} };
  }

  step(action: BoxArray): StepResult<BoxArray> {
    if (!this.actionSpace.contains(action)) {
      throw new SpaceMismatchError(
        `action: expected a value of ${this.actionSpace.toString()}, got ${action}`,
      );
    }
    this.position = Math.min(10, Math.max(-10, this.position + 0.1 * action[0]!));
    this.elapsed += 1;
    const truncated = this.elapsed === EPISODE_STEPS;
    const observation = Float64Array.of(this.position);
    return { observation, reward: -(this.position ** 2), terminated: false, truncated, info: {} };
  }

  close(): void {}
}

/** Acts well until its weights become NaN at an update, as those of a network can. */
export class DivergingAgent implements Agent<BoxArray, BoxArray> {
  private gain = -1;
  private updates = 0;

  constructor(private readonly divergesAt: number) {}

  act([position]: BoxArray): BoxArray {
    return Float64Array.of(Math.min(1, Math.max(-1, this.gain * position!)));
  }

  observe(): void {}

  update(): UpdateResult {
    this.updates += 1;
    if (this.updates === this.divergesAt) this.gain = Number.NaN;
    return { gradientSteps: 1, metrics: () => ({}) };
  }

  save() {
    return { arrays: {}, metadata: {} };
  }

  load(): void {}

  dispose(): void {}
}
