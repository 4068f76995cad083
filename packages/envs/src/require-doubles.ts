import { isFloat64Array, type Snapshot, SnapshotMismatchError } from '@maxent/core';

/** The named array of a snapshot. Throws SnapshotMismatchError unless it holds `length` float64 numbers. */
export function requireDoubles(snapshot: Snapshot, name: string, length: number): Float64Array {
  const data = snapshot.arrays[name]?.data;
  if (isFloat64Array(data) && data.length === length) return data;
  const got = data === undefined ? 'none' : `${data.length} in a ${data.constructor.name}`;
  throw new SnapshotMismatchError(`arrays.${name}: expected ${length} float64 numbers, got ${got}`);
}
