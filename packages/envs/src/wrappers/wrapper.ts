import {
  type Environment,
  joinSnapshots,
  type ResetOptions,
  type ResetResult,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  type StepResult,
  splitSnapshot,
} from '@maxent/core';

/**
 * An environment around another one. Everything passes through unless a subclass changes it. `render`, `observe`,
 * `getState` and `setState` exist only where the inner environment has them. A wrapper's snapshot holds its own state
 * and, nested, the inner environment's.
 */
export abstract class EnvironmentWrapper<Observation, Action, InnerObservation = Observation>
  implements Environment<Observation, Action>
{
  readonly render?: () => unknown;
  readonly observe?: () => Observation;
  readonly getState?: () => Snapshot;
  readonly setState?: (state: Snapshot) => void;

  constructor(readonly inner: Environment<InnerObservation, Action>) {
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

  reset(options?: ResetOptions): ResetResult<Observation> {
    const result = this.inner.reset(options);
    return { ...result, observation: this.view(result.observation) };
  }

  step(action: Action): StepResult<Observation> {
    const result = this.inner.step(action);
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

/** The named number of a wrapper's own state. Throws SnapshotMismatchError when it is absent. */
export function requireNumber(own: Snapshot, name: string): number {
  const value = own.metadata[name];
  if (typeof value !== 'number') {
    throw new SnapshotMismatchError(`metadata.${name}: expected a number, got ${JSON.stringify(value)}`);
  }
  return value;
}
