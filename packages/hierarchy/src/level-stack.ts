import {
  type BoxArray,
  type Environment,
  InvalidInputError,
  joinSnapshots,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  splitSnapshot,
} from '@maxent/core';
import { embedPolicy } from './embed-policy.js';
import { type Level, type LevelView, loadLevel, saveLevel } from './level.js';
import { type ObservationPart, observationReader, SeePart } from './observation-part.js';

/** Trained levels, the lowest first, as one policy: h_K -> ... -> h_1 -> action. Without any, actions are themselves. */
export class LevelStack {
  constructor(readonly levels: readonly Level[] = []) {}

  /** This stack with one more level on top. */
  with(level: Level): LevelStack {
    return new LevelStack([...this.levels, level]);
  }

  /**
   * The same levels for an environment whose observations are laid out otherwise: what each of them sees there. Throws
   * InvalidInputError unless there is one part, or null, for each level.
   */
  seeing(parts: readonly (ObservationPart | null)[]): LevelStack {
    if (parts.length !== this.levels.length) {
      throw new InvalidInputError(
        'sees',
        `expected one part for each of ${this.levels.length} levels, got ${parts.length}`,
      );
    }
    return new LevelStack(this.levels.map((level, i) => ({ ...level, sees: parts[i]! })));
  }

  /** f_0(f_1(... f_(K-1)(h; s) ...; s); s), each level seeing its part of the observation. */
  act(latent: BoxArray, observation: unknown, space: Space<unknown>): BoxArray {
    return this.levels.reduceRight<BoxArray>(
      (action, { policy, sees }) => policy.act(action, observationReader(space, sees).read(observation)),
      latent,
    );
  }

  /** The latent of the top level under which it takes this action in this state. */
  latentOf(action: BoxArray, observation: unknown, space: Space<unknown>): BoxArray {
    return this.levels.reduce<BoxArray>(
      (value, { policy, sees }) => policy.latentOf(value, observationReader(space, sees).read(observation)),
      action,
    );
  }

  /**
   * The environment as the next level meets it: its actions are the latents of the top level, each held for `every` of
   * that level's own actions, and it sees `sees` of the observation. `discount` is per step of the environment.
   */
  embedIn(environment: Environment, { sees, every }: LevelView, discount: number): Environment {
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

  save(): Snapshot {
    const parts = this.levels.map((level, i) => [`level-${i}`, saveLevel(level)] as const);
    const { arrays, metadata } = joinSnapshots(Object.fromEntries(parts));
    return { arrays, metadata: { ...metadata, levels: this.levels.length } };
  }

  /** Throws SnapshotMismatchError for a snapshot of something else. */
  static load(snapshot: Snapshot): LevelStack {
    const { levels } = snapshot.metadata;
    if (!Number.isSafeInteger(levels) || (levels as number) < 0) {
      throw new SnapshotMismatchError(
        `levels: expected a whole number of levels, got ${JSON.stringify(levels)}`,
      );
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
