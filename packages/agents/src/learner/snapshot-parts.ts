import {
  isFloat64Array,
  Rng,
  type RowLog,
  type Snapshot,
  SnapshotMismatchError,
  showStored,
  splitSnapshot,
} from '@maxent/core';

/**
 * Readers of an agent's snapshot. All throw SnapshotMismatchError, which names the agent, if what they read is missing.
 */

/** What `joinSnapshots` stored under `name`. */
export function requirePart(snapshot: Snapshot, name: string, agent: string): Snapshot {
  const part = splitSnapshot(snapshot, name);
  if (part === undefined) throw new SnapshotMismatchError(`${agent}: the snapshot has no part "${name}"`);
  return part;
}

/** The experience that an agent learns from. */
export function requireReplay({ rows }: Snapshot, agent: string): RowLog {
  if (rows?.replay === undefined) throw new SnapshotMismatchError(`${agent}: the snapshot has no replay`);
  return rows.replay;
}

/** A whole number of at least 0 in the metadata. */
export function requireCounter({ metadata }: Snapshot, name: string, agent: string): number {
  const value = metadata[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new SnapshotMismatchError(`${agent}: ${name} must be a whole number, got ${showStored(value)}`);
  }
  return value as number;
}

/** A random stream in the metadata, continued where it was. */
export function requireStream({ metadata }: Snapshot, name: string, agent: string): Rng {
  try {
    return Rng.fromState(metadata[name]);
  } catch (cause) {
    throw new SnapshotMismatchError(`${agent}: the snapshot's "${name}" is not a random stream`, { cause });
  }
}

/** The float64 array `name`, which must have this shape. */
export function requireDoubleArray(
  { arrays }: Snapshot,
  name: string,
  shape: readonly number[],
  agent: string,
): Float64Array {
  const array = arrays[name];
  if (array === undefined || !isFloat64Array(array.data) || array.shape.join() !== shape.join()) {
    throw new SnapshotMismatchError(
      `${agent}: the snapshot has no float64 array "${name}" of shape [${shape}]`,
    );
  }
  return array.data;
}
