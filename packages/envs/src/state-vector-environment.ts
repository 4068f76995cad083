import {
  type Environment,
  InvalidStateError,
  type JsonValue,
  type ResetOptions,
  type ResetResult,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  type StepResult,
} from '@maxent/core';
import { checkAction } from './check-action.js';

/** Where an environment stands between construction and close. */
type Phase = 'unstarted' | 'running' | 'ended' | 'closed';

/** What one step of the dynamics yields, beside the new state. */
export interface Outcome {
  readonly reward: number;
  readonly terminated: boolean;
}

/**
 * An environment whose whole state is a short vector of doubles. Subclasses give the dynamics; this class keeps the
 * random numbers, refuses calls that come at the wrong time, and saves and restores the state. Until the first
 * `reset` with a seed, random numbers are those of seed 0.
 */
export abstract class StateVectorEnvironment<Observation, Action>
  implements Environment<Observation, Action>
{
  abstract readonly observationSpace: Space<Observation>;
  abstract readonly actionSpace: Space<Action>;
  /** The state vector; its meaning is the subclass's. */
  protected readonly state: Float64Array;
  private phase: Phase = 'unstarted';
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

  reset({ seed }: ResetOptions = {}): ResetResult<Observation> {
    this.requireOpen('reset');
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.start(this.rng);
    this.phase = 'running';
    return { observation: this.observe(), info: {} };
  }

  step(action: Action): StepResult<Observation> {
    this.requireOpen('step');
    if (this.phase !== 'running') {
      const problem = this.phase === 'unstarted' ? 'no episode has begun' : 'the episode has ended';
      throw new InvalidStateError(`step: ${problem}; call reset first`);
    }
    checkAction(this.actionSpace, action);
    const { reward, terminated } = this.advance(action, this.rng);
    if (terminated) this.phase = 'ended';
    return { observation: this.observe(), reward, terminated, truncated: false, info: {} };
  }

  close(): void {
    this.phase = 'closed';
  }

  getState(): Snapshot {
    this.requireOpen('getState');
    return {
      arrays: { state: { shape: [this.state.length], data: this.state.slice() } },
      metadata: { phase: this.phase, rng: this.rng.state() },
    };
  }

  /** Throws SnapshotMismatchError when the snapshot is not of this environment. */
  setState(snapshot: Snapshot): void {
    this.requireOpen('setState');
    const state = snapshot.arrays.state?.data;
    if (!(state instanceof Float64Array) || state.length !== this.state.length) {
      throw new SnapshotMismatchError(
        `arrays.state: expected ${this.state.length} float64 numbers, got ${state === undefined ? 'none' : `${state.length} in a ${state.constructor.name}`}`,
      );
    }
    const { phase, rng } = snapshot.metadata;
    if (!isOpenPhase(phase)) {
      throw new SnapshotMismatchError(
        `metadata.phase: expected unstarted, running or ended, got ${JSON.stringify(phase)}`,
      );
    }
    this.rng = Rng.fromState(rng);
    this.phase = phase;
    this.state.set(state);
  }

  private requireOpen(method: string): void {
    if (this.phase === 'closed') {
      throw new InvalidStateError(`${method}: the environment is closed; make a new one`);
    }
  }
}

function isOpenPhase(value: JsonValue | undefined): value is 'unstarted' | 'running' | 'ended' {
  return value === 'unstarted' || value === 'running' || value === 'ended';
}
