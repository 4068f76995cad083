import { decodeSafetensors, encodeSafetensors } from '../safetensors.js';
import { copySnapshot, type Snapshot } from '../snapshot.js';
import { Box } from '../spaces/box.js';
import { Discrete } from '../spaces/discrete.js';
import type { Space } from '../spaces/space.js';

/** A copy of a value's numbers that stays as it is when the value changes. */
export function flatCopy<T>(space: Space<T>, value: T): Float64Array {
  const flat = new Float64Array(space.flatSize);
  space.flattenInto(value, flat);
  return flat;
}

/** Equal bit for bit, NaN to itself and unlike zeros apart. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Writes other numbers over every typed array within a value, as a caller who owns it may. */
export function scribble(value: unknown): void {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    (value as Float64Array).fill(123);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) scribble(part);
  }
}

/** Values that no environment with this action space may accept. */
export function malformedActions(space: Space<unknown>): unknown[] {
  const malformed: unknown[] = [undefined, 'an action'];
  if (space instanceof Box) {
    malformed.push(new Float32Array(space.flatSize + 1), new Float32Array(space.flatSize).fill(Number.NaN));
  }
  if (space instanceof Discrete) malformed.push(-1, space.count, 0.5);
  return malformed;
}

/** The snapshot as it comes back from storage: arrays through safetensors, rows copied, metadata through JSON. */
export function storedCopy(snapshot: Snapshot): Snapshot {
  const { rows, metadata } = copySnapshot(snapshot);
  const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: snapshot.arrays, metadata: {} }));
  return { arrays: tensors, rows: rows ?? {}, metadata: JSON.parse(JSON.stringify(metadata)) };
}

/** A value in a message: typed arrays with their numbers, everything else as JSON where that is possible. */
export function show(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name}(${Array.from(value as unknown as ArrayLike<number>).join(', ')})`;
  }
  return typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
}
