import { typedArrayName } from '../arrays.js';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js';
import { copySnapshot, type Snapshot } from '../snapshot.js';
import { isBox, isDiscrete } from '../spaces/kinds.js';
import type { Space } from '../spaces/space.js';

/** Overwrites every typed array within a value, as a caller who owns it may. */
export function scribble(value: unknown): void {
  if (typedArrayName(value) !== undefined) {
    (value as Float64Array).fill(123);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) scribble(part);
  }
}

/** Values that every environment with this action space must refuse. */
export function malformedActions(space: Space<unknown>): unknown[] {
  const malformed: unknown[] = [undefined, 'an action'];
  if (isBox(space)) {
    malformed.push(new Float32Array(space.flatSize + 1), new Float32Array(space.flatSize).fill(Number.NaN));
  }
  if (isDiscrete(space)) malformed.push(-1, space.count, 0.5);
  return malformed;
}

/** The snapshot as storage returns it: arrays through safetensors, rows copied, metadata through JSON. */
export function storedCopy(snapshot: Snapshot): Snapshot {
  const { rows, metadata } = copySnapshot(snapshot);
  const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: snapshot.arrays, metadata: {} }));
  return { arrays: tensors, rows: rows ?? {}, metadata: JSON.parse(JSON.stringify(metadata)) };
}
