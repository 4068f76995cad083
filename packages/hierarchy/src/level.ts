import { joinSnapshots, type Snapshot, SnapshotMismatchError, splitSnapshot } from '@maxent/core';
import * as z from 'zod';
import { FrozenPolicy } from './frozen-policy.js';
import type { ObservationPart } from './observation-part.js';

/** What a level sees and how often it acts. */
export interface LevelView {
  /** The part of the environment's observation that the level sees; null for all of it. */
  readonly sees: ObservationPart | null;
  /** How many steps of the level below, or of the environment, one of its actions takes. */
  readonly every: number;
  /**
   * How many of the topmost levels below it continues: it acts in the place of the lowest of them, whose actions are its
   * own. Default 0: its actions are the latents of the level below.
   */
  readonly continued?: number | undefined;
}

/** A trained level of a hierarchy, frozen. */
export interface Level extends Omit<LevelView, 'continued'> {
  readonly policy: FrozenPolicy;
}

const viewSchema = z.strictObject({
  sees: z.strictObject({ from: z.int().nonnegative(), to: z.int().positive() }).nullable(),
  every: z.int().positive(),
});

export function saveLevel({ policy, sees, every }: Level): Snapshot {
  return joinSnapshots({
    policy: policy.save(),
    view: { arrays: {}, metadata: { sees: sees === null ? null : { ...sees }, every } },
  });
}

/** Throws SnapshotMismatchError if the snapshot holds something else. */
export function loadLevel(snapshot: Snapshot): Level {
  const view = viewSchema.safeParse(splitSnapshot(snapshot, 'view')?.metadata);
  const policy = splitSnapshot(snapshot, 'policy');
  if (!view.success || policy === undefined) {
    throw new SnapshotMismatchError('level: the snapshot does not hold a level of a hierarchy');
  }
  return { ...view.data, policy: FrozenPolicy.load(policy) };
}
