import {
  type BoxArray,
  type Environment,
  InvalidInputError,
  joinSnapshots,
  type PolicyDescription,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  showStored,
  splitSnapshot,
} from '@maxent/core';
import { embedPolicy, requireFit } from './embed-policy.js';
import { type Level, type LevelView, loadLevel, saveLevel } from './level.js';
import type { LevelPlace } from './level-context.js';
import {
  type ObservationPart,
  type ObservationReader,
  observationReader,
  SeePart,
} from './observation-part.js';

/**
 * Trained levels, the lowest first, as one policy: h_K -> ... -> h_1 -> action. Without levels, actions pass through
 * unchanged.
 */
export class LevelStack {
  /** Readers for the space of the last call, which is usually the space of the next call too. */
  private readers:
    | { readonly space: Space<unknown>; readonly ofLevels: readonly ObservationReader[] }
    | undefined;

  constructor(readonly levels: readonly Level[] = []) {}

  /** This stack with one more level on top. */
  with(level: Level): LevelStack {
    return new LevelStack([...this.levels, level]);
  }

  /**
   * The same levels for an environment with a different observation layout; `parts` says what each level sees there.
   * Throws InvalidInputError unless there is one part, or null, for each level.
   */
  seeing(parts: readonly (ObservationPart | null)[]): LevelStack {
    if (parts.length !== this.levels.length) {
      throw new InvalidInputError(
        'parts',
        `expected one part for each of ${this.levels.length} levels, got ${parts.length}`,
      );
    }
    return new LevelStack(this.levels.map((level, i) => ({ ...level, sees: parts[i]! })));
  }

  /**
   * f_0(f_1(... f_(K-1)(h; s) ...; s); s), each level seeing its part of the observation: the action when all levels
   * decide anew, as at the first step of an episode. After that, a level that acts every k steps keeps its action for k
   * actions of the level below, which takes memory; `embedIn` provides it.
   */
  act(latent: BoxArray, observation: unknown, space: Space<unknown>): BoxArray {
    const readers = this.readersOf(space);
    return this.levels.reduceRight<BoxArray>(
      (action, { policy }, i) => policy.act(action, readers[i]!.read(observation)),
      latent,
    );
  }

  /** The latent of the top level for which `act` gives this action in this state. */
  latentOf(action: BoxArray, observation: unknown, space: Space<unknown>): BoxArray {
    const readers = this.readersOf(space);
    return this.levels.reduce<BoxArray>(
      (value, { policy }, i) => policy.latentOf(value, readers[i]!.read(observation)),
      action,
    );
  }

  /**
   * The environment as the next level experiences it: its actions are the latents of the top level, each held for
   * `every` of that level's actions (default 1), and the next level sees the part `sees` of the observation (default
   * all of it). `discount` is per step of the environment, default 1.
   *
   * A level that continues others (`continued`) experiences the environment as the lowest of them did.
   *
   * With the defaults, taking the latent 0 at each step makes the whole stack act as one policy, as in an evaluation of
   * the top level: every level acts at its rate, the top level takes its most likely action, and rewards are plain.
   */
  embedIn(
    environment: Environment,
    { sees = null, every = 1, continued = 0 }: Partial<LevelView> = {},
    discount = 1,
  ): Environment {
    if (continued > 0) return this.embedInPlaceOf(continued, environment, { sees, every }, discount);
    if (this.levels.length === 0 && every !== 1) {
      throw new InvalidInputError(
        'every',
        `expected 1 at the lowest level, got ${every}; use FrameSkip instead`,
      );
    }
    const embedded = this.levels.reduce<Environment>(
      (inner, level, i) =>
        embedPolicy(inner, level.policy, {
          sees: level.sees,
          every: this.levels[i + 1]?.every ?? every,
          discount,
        }),
      environment,
    );
    return sees === null ? embedded : new SeePart(embedded, sees);
  }

  /** What the agent of the next level needs to know of its place, besides its spaces. */
  placeOf({ every = 1, continued = 0 }: Partial<LevelView> = {}): LevelPlace {
    const lowest = this.levels.length - this.requireContinued(continued);
    const rates = [...this.levels.map((level) => level.every), every].slice(1, lowest + 1);
    return {
      continued: this.levels.slice(lowest).map(({ policy }) => policy),
      stepsPerAction: rates.reduce((product, rate) => product * rate, 1),
    };
  }

  /** The environment as the lowest of the topmost `continued` levels experienced it. */
  private embedInPlaceOf(
    continued: number,
    environment: Environment,
    { sees, every }: LevelView,
    discount: number,
  ): Environment {
    const lowest = this.levels.length - this.requireContinued(continued);
    const { policy, ...own } = this.levels[lowest]!;
    const views = this.levels.slice(lowest).map((level) => level.sees);
    if (every !== 1) {
      throw new InvalidInputError(
        'every',
        `expected 1 for a level that continues the one below, got ${every}`,
      );
    }
    if (views.some((view) => view?.from !== sees?.from || view?.to !== sees?.to)) {
      throw new InvalidInputError(
        'sees',
        `expected ${showView(own.sees)}, as the levels that this one continues, got ${showView(sees)}`,
      );
    }
    const inner = new LevelStack(this.levels.slice(0, lowest)).embedIn(environment, own, discount);
    requireFit(policy, inner.observationSpace.flatSize, inner);
    return inner;
  }

  private requireContinued(continued: number): number {
    if (Number.isInteger(continued) && continued >= 0 && continued <= this.levels.length) return continued;
    throw new InvalidInputError(
      'continued',
      `expected a whole number from 0 to ${this.levels.length}, the levels below, got ${continued}`,
    );
  }

  /** Readers of what each level sees in observations of a space. */
  private readersOf(space: Space<unknown>): readonly ObservationReader[] {
    if (this.readers?.space !== space) {
      this.readers = { space, ofLevels: this.levels.map(({ sees }) => observationReader(space, sees)) };
    }
    return this.readers.ofLevels;
  }

  /**
   * The whole stack as one policy for the environment it was trained in, for `@maxent/policy`, with every level at its
   * rate. `agent` is the name of the agent that trained it. Throws InvalidInputError for a stack without levels.
   */
  describePolicy(
    { observationSpace, actionSpace }: Pick<Environment, 'observationSpace' | 'actionSpace'>,
    agent = 'lsp',
  ): PolicyDescription {
    const [lowest] = this.levels;
    if (lowest === undefined) throw new InvalidInputError('levels', 'expected at least one level, got none');
    const described = this.levels.map(({ policy, sees, every }, i) => {
      const { level, tensors } = policy.describeLevel(`level-${i}`);
      return { level: { ...level, sees, every }, tensors };
    });
    return {
      agent,
      observationSpace,
      actionSpace,
      layers: [],
      head: {
        type: 'flow',
        levels: described.map(({ level }) => level),
        squashed: lowest.policy.squashed,
      },
      tensors: Object.assign({}, ...described.map(({ tensors }) => tensors)),
    };
  }

  save(): Snapshot {
    const parts = this.levels.map((level, i) => [`level-${i}`, saveLevel(level)] as const);
    const { arrays, metadata } = joinSnapshots(Object.fromEntries(parts));
    return { arrays, metadata: { ...metadata, levels: this.levels.length } };
  }

  /** Throws SnapshotMismatchError if the snapshot holds something else. */
  static load(snapshot: Snapshot): LevelStack {
    const { levels } = snapshot.metadata;
    if (!Number.isSafeInteger(levels) || (levels as number) < 0) {
      throw new SnapshotMismatchError(`levels: expected a whole number of levels, got ${showStored(levels)}`);
    }
    return new LevelStack(
      Array.from({ length: levels as number }, (_, i) => {
        const part = splitSnapshot(snapshot, `level-${i}`);
        if (part === undefined)
          throw new SnapshotMismatchError(`levels: the snapshot has no part "level-${i}"`);
        return loadLevel(part);
      }),
    );
  }

  dispose(): void {
    for (const { policy } of this.levels) policy.dispose();
  }
}

function showView(sees: ObservationPart | null): string {
  return sees === null ? 'all of the observation' : `entries ${sees.from} to ${sees.to}`;
}
