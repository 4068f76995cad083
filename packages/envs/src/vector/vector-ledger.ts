import {
  EnvironmentFaultError,
  InvalidInputError,
  InvalidStateError,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  type VectorResetOptions,
} from '@maxent/core';
import { checkAction } from '../check-action.js';
import type { LaneStep } from './advance.js';

/**
 * What a vector of environments must know to refuse wrong calls and to report a fault so that it can be reproduced: the
 * last seed of each environment, and the number of steps since then.
 */
export class VectorLedger {
  /** Empty before the first reset. */
  private seeds: number[] = [];
  private steps: number[] = [];
  private phase: 'idle' | 'busy' | 'closed' = 'idle';

  constructor(
    private readonly count: number,
    /** The environments' name in messages, such as `HalfCheetah-v5`, if known. */
    private readonly name?: string,
  ) {}

  get closed(): boolean {
    return this.phase === 'closed';
  }

  /** Throws InvalidStateError if closed or if another call is still running. Call `end` afterwards. */
  begin(method: string): void {
    if (this.phase === 'closed') {
      throw new InvalidStateError(`${method}: the environments are closed; make new ones`);
    }
    if (this.phase === 'busy') {
      throw new InvalidStateError(`${method}: the previous call has not finished; await it first`);
    }
    this.phase = 'busy';
  }

  end(): void {
    if (this.phase === 'busy') this.phase = 'idle';
  }

  close(): void {
    this.phase = 'closed';
  }

  /** The seed of each environment for this reset, or undefined if its stream continues. */
  seedsFor({ seed }: VectorResetOptions): (number | undefined)[] {
    const lanes = Array.from({ length: this.count }, (_, i) => i);
    if (seed === undefined && this.seeds.length > 0) return lanes.map(() => undefined);
    const seeds = typeof seed === 'object' ? [...seed] : lanes.map((i) => (seed ?? 0) + i);
    this.requireSeeds('seed', seeds);
    this.seeds = seeds;
    this.steps = lanes.map(() => 0);
    return seeds;
  }

  /** Throws unless every environment can take its action and seed; counts the step. */
  countStep<Action>(
    space: Space<Action>,
    actions: readonly Action[],
    seeds: readonly number[] | undefined,
  ): void {
    if (this.seeds.length === 0) throw new InvalidStateError('step: no episode has begun; call reset first');
    if (actions.length !== this.count) {
      throw new InvalidInputError(
        'actions',
        `expected one for each of ${this.count} environments, got ${actions.length}`,
      );
    }
    if (seeds !== undefined) this.requireSeeds('seeds', seeds);
    for (const action of actions) checkAction(space, action);
    for (let i = 0; i < this.count; i++) this.steps[i]! += 1;
  }

  /** Remembers the seeds of the episodes that began within the step. */
  noteSeeds(steps: readonly Pick<LaneStep<unknown>, 'end'>[], seeds: readonly number[] | undefined): void {
    if (seeds === undefined) return;
    steps.forEach(({ end }, i) => {
      if (end === null) return;
      this.seeds[i] = seeds[i]!;
      this.steps[i] = 0;
    });
  }

  /** The error that reports what environment `index` threw, with its seed and step. */
  fault(index: number, cause: unknown): EnvironmentFaultError {
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const where = [
      ...(this.name === undefined ? [] : [this.name]),
      `seed ${this.seeds[index] ?? 'none'}`,
      `step ${this.steps[index] ?? 0} since then`,
    ];
    return new EnvironmentFaultError(
      `environment ${index} of ${this.count} (${where.join(', ')}) failed with ${what.replace(/\.$/, '')}. All of them have been closed.`,
      { cause },
    );
  }

  private requireSeeds(field: string, seeds: readonly number[]): void {
    if (seeds.length !== this.count) {
      throw new InvalidInputError(
        field,
        `expected one for each of ${this.count} environments, got ${seeds.length}`,
      );
    }
    seeds.forEach((value, i) => {
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new InvalidInputError(
          `${field}[${i}]`,
          `expected an integer from 0 to 2^53 - 1, got ${String(value)}`,
        );
      }
    });
  }

  save(): Snapshot {
    return { arrays: {}, metadata: { seeds: [...this.seeds], steps: [...this.steps] } };
  }

  /** Throws SnapshotMismatchError, changing nothing, unless the snapshot has as many environments. */
  load({ metadata: { seeds, steps } }: Snapshot): void {
    const fits = (list: unknown): list is number[] =>
      Array.isArray(list) && (list.length === 0 || list.length === this.count);
    if (!fits(seeds) || !fits(steps)) {
      throw new SnapshotMismatchError(`expected a snapshot of ${this.count} environments`);
    }
    this.seeds = [...seeds];
    this.steps = [...steps];
  }
}

/** The named part of a vector's snapshot. */
export function requireLane(part: Snapshot | undefined, name: string): Snapshot {
  if (part !== undefined) return part;
  throw new SnapshotMismatchError(
    `the snapshot has no part "${name}"; it was not made by a vector of environments like this one`,
  );
}
