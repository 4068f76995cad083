import {
  type ActOptions,
  type Agent,
  Box,
  type BoxArray,
  Discrete,
  type Environment,
  type JsonObject,
  type ResetOptions,
  type ResetResult,
  Rng,
  type RngState,
  type Snapshot,
  type StepResult,
  type Transition,
  type UpdateResult,
} from '@maxent/core';

const EPISODE_STEPS = 7;

/** A number around 100 that drifts up or down by the action and is its own reward. It has no `getState`. */
export class Drift implements Environment<BoxArray, number> {
  readonly observationSpace = new Box({ low: [-Infinity], high: [Infinity], dataType: 'float64' });
  readonly actionSpace = new Discrete(2);
  protected rng = Rng.fromSeed(0);
  protected position = 0;
  protected elapsed = 0;

  reset({ seed }: ResetOptions = {}): ResetResult<BoxArray> {
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.position = 100 + this.rng.normal();
    this.elapsed = 0;
    return { observation: Float64Array.of(this.position), info: {} };
  }

  step(action: number): StepResult<BoxArray> {
    this.position += 2 * action - 1 + this.rng.normal();
    this.elapsed += 1;
    return {
      observation: Float64Array.of(this.position),
      reward: this.position,
      terminated: false,
      truncated: this.elapsed === EPISODE_STEPS,
      info: {},
    };
  }

  close(): void {}
}

/** The same with a state. */
export class StatefulDrift extends Drift {
  getState(): Snapshot {
    const { position, elapsed } = this;
    return { arrays: {}, metadata: { rng: this.rng.state(), position, elapsed } };
  }

  setState({ metadata }: { readonly metadata: JsonObject }): void {
    this.rng = Rng.fromState(metadata.rng as unknown as RngState);
    this.position = metadata.position as number;
    this.elapsed = metadata.elapsed as number;
  }
}

/** Learns a sum over everything it is shown, so that any change leaves a trace; records what it is evaluated on. */
export class Listener implements Agent<BoxArray, number> {
  /** Observations that it was asked to act on deterministically. */
  readonly judged: number[] = [];
  readonly rewards: number[] = [];
  private sum = Float64Array.of(0);

  act([entry]: BoxArray, { deterministic }: ActOptions): number {
    if (deterministic) this.judged.push(entry!);
    return entry! + Math.sin(this.sum[0]!) > 0 ? 1 : 0;
  }

  observe({ observation, reward, nextObservation }: Transition<BoxArray, number>): void {
    this.rewards.push(reward);
    this.sum[0]! += observation[0]! + 3 * reward + 7 * nextObservation[0]!;
  }

  update(): UpdateResult {
    const sum = this.sum[0]!;
    return { gradientSteps: 1, metrics: () => ({ sum }) };
  }

  save(): Snapshot {
    return { arrays: { sum: { shape: [1], data: this.sum } }, metadata: {} };
  }

  load({ arrays }: Snapshot): void {
    this.sum = Float64Array.from(arrays.sum!.data as Float64Array);
  }

  dispose(): void {}
}
