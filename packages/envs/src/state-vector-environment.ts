import {
  type Environment,
  type Info,
  type RenderOptions,
  type ResetOptions,
  type ResetResult,
  Rng,
  type Snapshot,
  type Space,
  type StepResult,
} from '@maxent/core';
import { checkAction } from './check-action.js';
import { EpisodePhase } from './episode-phase.js';
import { requireDoubles } from './require-doubles.js';

export type PictureName = keyof typeof import('./pictures/draw.js').draw;

/** What one step of the dynamics returns, apart from the new state. */
export interface Outcome {
  readonly reward: number;
  readonly terminated: boolean;
}

/**
 * An environment whose whole state is a short vector of doubles. Subclasses define the dynamics; this class manages the
 * random numbers, refuses calls at the wrong time, and saves and restores the state. Until the first `reset` with a
 * seed, it uses seed 0.
 */
export abstract class StateVectorEnvironment<Observation, Action, StepInfo extends Info = Info>
  implements Environment<Observation, Action, StepInfo>
{
  abstract readonly observationSpace: Space<Observation>;
  abstract readonly actionSpace: Space<Action>;
  /** The state vector, which the subclass interprets. */
  protected readonly state: Float64Array;
  /** How it is drawn; the code that draws is loaded with the first picture. */
  protected readonly picture: PictureName = 'State';
  private readonly phase = new EpisodePhase();
  private rng = Rng.fromSeed(0);

  constructor(stateSize: number) {
    this.state = new Float64Array(stateSize);
  }

  /** Writes a start state into `this.state`. */
  protected abstract start(rng: Rng): void;
  /** Moves `this.state` one step. The action has passed `checkAction`. */
  protected abstract advance(action: Action, rng: Rng): Outcome;
  /** A new observation of `this.state`. */
  abstract observe(): Observation;

  /** The info that `reset` and `step` report about `this.state`; empty by default. */
  protected info(): StepInfo {
    return {} as StepInfo;
  }

  reset({ seed }: ResetOptions = {}): ResetResult<Observation, StepInfo> {
    this.phase.requireOpen('reset');
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.start(this.rng);
    this.phase.begin();
    return { observation: this.observe(), info: this.info() };
  }

  step(action: Action): StepResult<Observation, StepInfo> {
    this.phase.requireRunning();
    checkAction(this.actionSpace, action);
    const { reward, terminated } = this.advance(action, this.rng);
    if (terminated) this.phase.end();
    return { observation: this.observe(), reward, terminated, truncated: false, info: this.info() };
  }

  /** A bar for each number of the state, unless a subclass overrides it. */
  render(options?: RenderOptions): string | Promise<string> {
    const state = this.state.slice();
    return import('./pictures/draw.js').then((module) =>
      module.draw[this.picture](state, this as never, options),
    );
  }

  close(): void {
    this.phase.close();
  }

  getState(): Snapshot {
    this.phase.requireOpen('getState');
    return {
      arrays: { state: { shape: [this.state.length], data: this.state.slice() } },
      metadata: { phase: this.phase.save(), rng: this.rng.state() },
    };
  }

  /** Throws SnapshotMismatchError if the snapshot is not from this kind of environment. */
  setState(snapshot: Snapshot): void {
    this.phase.requireOpen('setState');
    const state = requireDoubles(snapshot, 'state', this.state.length);
    const rng = Rng.fromState(snapshot.metadata.rng);
    this.phase.load(snapshot);
    this.rng = rng;
    this.state.set(state);
  }
}
