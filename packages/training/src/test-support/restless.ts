import {
  type ActOptions,
  type Agent,
  Box,
  type BoxArray,
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

/** What a `Restless` showed from one reset to the next. */
export interface ShownEpisode {
  readonly seed: number | undefined;
  readonly observations: number[];
}

/** Its episodes have random lengths, from a single step on, and no two observations are equal. */
export class Restless implements Environment<BoxArray, BoxArray> {
  readonly observationSpace = new Box({ low: [-Infinity], high: [Infinity], dataType: 'float64' });
  readonly actionSpace = new Box({ low: [-1], high: [1] });
  /** Everything it has shown. */
  readonly episodes: ShownEpisode[] = [];
  private rng = Rng.fromSeed(0);
  private left = 0;

  constructor(private readonly longest: number) {}

  reset({ seed }: ResetOptions = {}): ResetResult<BoxArray> {
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.left = 1 + this.rng.integer(this.longest);
    this.episodes.push({ seed, observations: [] });
    return { observation: this.show(), info: {} };
  }

  step(action: BoxArray): StepResult<BoxArray> {
    this.left -= 1;
    const observation = this.show();
    const ended = this.left === 0;
    const terminated = ended && this.rng.uniform() < 0.5;
    return {
      observation,
      reward: observation[0]! + action[0]!,
      terminated,
      truncated: ended && !terminated,
      info: {},
    };
  }

  close(): void {}

  getState(): Snapshot {
    return { arrays: {}, metadata: { rng: this.rng.state(), left: this.left } };
  }

  setState({ metadata }: { readonly metadata: JsonObject }): void {
    this.rng = Rng.fromState(metadata.rng as unknown as RngState);
    this.left = metadata.left as number;
  }

  private show(): Float64Array {
    const value = this.rng.uniform();
    this.episodes.at(-1)?.observations.push(value);
    return Float64Array.of(value);
  }
}

/** Learns the sum of all that it sees, so that any change leaves a trace; every environment has a stream of its own. */
export class Observer implements Agent<BoxArray, BoxArray> {
  readonly seen: Transition<BoxArray, BoxArray>[] = [];
  readonly calls: string[] = [];
  private readonly streams = new Map<number, Rng>();
  private sum = 0;

  act(_: BoxArray, { deterministic, environment = 0 }: ActOptions): BoxArray {
    if (deterministic) return Float32Array.of(0);
    this.calls.push(`act ${environment}`);
    const stream = this.streams.get(environment) ?? Rng.fromSeed(3).split(environment);
    this.streams.set(environment, stream);
    return Float32Array.of(stream.uniform(-1, 1));
  }

  observe(transition: Transition<BoxArray, BoxArray>): void {
    const { observation, action, nextObservation, environment = 0 } = transition;
    this.calls.push(`observe ${environment}`);
    this.seen.push({
      ...transition,
      observation: observation.slice(),
      action: action.slice(),
      nextObservation: nextObservation.slice(),
    });
    this.sum = (this.sum * 0.99 + observation[0]! + 3 * action[0]! + 7 * nextObservation[0]!) % 1000;
  }

  update(): UpdateResult {
    this.calls.push('update');
    const { sum } = this;
    return { gradientSteps: 1, metrics: () => ({ sum }) };
  }

  save(): Snapshot {
    const streams = Object.fromEntries([...this.streams].map(([i, stream]) => [String(i), stream.state()]));
    return { arrays: {}, metadata: { sum: this.sum, streams: streams as unknown as JsonObject } };
  }

  load({ metadata }: Snapshot): void {
    this.sum = metadata.sum as number;
    for (const [i, state] of Object.entries(metadata.streams as unknown as Record<string, RngState>)) {
      this.streams.set(Number(i), Rng.fromState(state));
    }
  }

  dispose(): void {}
}
