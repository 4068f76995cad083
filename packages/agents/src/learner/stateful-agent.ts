import {
  type ActOptions,
  type Agent,
  type Rng,
  requireEnvironmentIndex,
  type Snapshot,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import type { AgentPart } from './agent-parts.js';
import {
  noOtherStreams,
  type OtherStreams,
  type RandomStreams,
  readOtherStreams,
  readStreams,
  saveStreams,
  splitStreams,
} from './random-streams.js';
import { requireCounter } from './snapshot-parts.js';

export interface StatefulAgentOptions<Stream extends string> {
  /** For messages. */
  readonly name: string;
  /** The streams are split off from this one. */
  readonly rng: Rng;
  /** Names of the agent's random streams. */
  readonly streams: readonly Stream[];
}

/**
 * What every agent of this package shares: counters, random streams, and how its state is saved and loaded. A snapshot
 * holds the arrays and metadata of `learned` and, in its metadata, `observed`, `gradientSteps` and the streams.
 *
 * An agent that learns without a replay extends it: it gives `learned` and writes `act`, `take` and `update`. With a
 * replay, extend `Learner`. `observe` throws what `take` throws, and `load` SnapshotMismatchError for a snapshot of
 * something else, which leaves the agent as it was.
 */
export abstract class StatefulAgent<Action, Stream extends string, Observation = unknown>
  implements Agent<Observation, Action>
{
  protected readonly name: string;
  /** Environment steps observed. */
  protected observed = 0;
  /** Gradient steps taken, or transitions learned from where there are no gradients. */
  protected gradientSteps = 0;
  protected streams: RandomStreams<Stream>;
  private otherStreams: OtherStreams<Stream>;
  private readonly streamNames: readonly Stream[];

  protected constructor({ name, rng, streams }: StatefulAgentOptions<Stream>) {
    this.name = name;
    this.streamNames = streams;
    this.streams = splitStreams(rng, streams);
    this.otherStreams = noOtherStreams(streams);
  }

  /** Everything that is learned, and whatever else learning changes besides counters and streams. */
  protected abstract readonly learned: AgentPart;

  abstract act(observation: Observation, options: ActOptions): Action;

  /** Takes one transition. Throws, before anything has changed, if it does not fit; `step` is for messages. */
  protected abstract take(transition: Transition<Observation, Action>, step: number): void;

  abstract update(): UpdateResult;

  /**
   * The stream `name` of one of several environments (`ActOptions.environment`): `streams[name]` for environment 0, and
   * for environment i a stream split off it as `environment i`, when it is first asked for. What is drawn for one
   * environment does not depend on the others. Throws InvalidInputError unless `environment` is an index.
   */
  protected streamIn(name: Stream, environment = 0): Rng {
    requireEnvironmentIndex('act: environment', environment);
    const first = this.streams[name];
    if (environment === 0) return first;
    const others = this.otherStreams[name];
    const known = others.get(environment);
    if (known !== undefined) return known;
    const stream = first.split(`environment ${environment}`);
    others.set(environment, stream);
    return stream;
  }

  observe(transition: Transition<Observation, Action>): void {
    this.take(transition, this.observed + 1);
    this.observed += 1;
  }

  save(): Snapshot {
    const { arrays, rows, metadata } = this.saveState();
    return {
      arrays,
      ...(rows !== undefined && { rows }),
      metadata: {
        ...metadata,
        observed: this.observed,
        gradientSteps: this.gradientSteps,
        ...saveStreams(this.streams, this.otherStreams),
      },
    };
  }

  load(snapshot: Snapshot): void {
    const before = this.save();
    const counted = this.readCounted(snapshot);
    const commit = this.prepare(snapshot);
    try {
      Object.assign(this, counted);
      this.loadState(snapshot);
      this.requireConsistent();
      commit();
    } catch (error) {
      // Rows that do not fit have not been touched; whatever was loaded before the failure is restored.
      Object.assign(this, this.readCounted(before));
      this.loadState(before);
      throw error;
    }
  }

  dispose(): void {
    this.learned.dispose?.();
  }

  /** What a snapshot holds besides counters and streams. */
  protected saveState(): Snapshot {
    return this.learned.save();
  }

  protected loadState(snapshot: Snapshot): void {
    this.learned.load(snapshot);
  }

  /**
   * Throws SnapshotMismatchError if the rows do not fit. Changes nothing by itself: the function that it returns takes
   * the rows over and is called after everything else has been loaded.
   */
  protected prepare(_: Snapshot): () => void {
    return () => undefined;
  }

  /** Throws SnapshotMismatchError if parts of the loaded state contradict each other. */
  protected requireConsistent(): void {}

  private readCounted(snapshot: Snapshot) {
    return {
      observed: requireCounter(snapshot, 'observed', this.name),
      gradientSteps: requireCounter(snapshot, 'gradientSteps', this.name),
      streams: readStreams(snapshot, this.streamNames, this.name),
      otherStreams: readOtherStreams(snapshot, this.streamNames, this.name),
    };
  }
}
