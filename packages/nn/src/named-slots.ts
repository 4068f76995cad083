import { fillTensor, readTensor } from '@maxent/backend';
import { isFloat32Array, type ShapedArray, SnapshotMismatchError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/** Part of a flat variable that has a name of its own. */
export interface NamedSlot {
  readonly name: string;
  readonly variable: tf.Variable<tf.Rank.R1>;
  readonly offset: number;
  readonly shape: readonly number[];
}

/** Copies of the slots' values by name. */
export function readSlots(slots: readonly NamedSlot[]): Record<string, ShapedArray> {
  const values = new Map<tf.Variable, Float32Array>();
  const valuesOf = (variable: tf.Variable): Float32Array => {
    const known = values.get(variable) ?? readTensor(variable);
    values.set(variable, known);
    return known;
  };
  return Object.fromEntries(
    slots.map(({ name, variable, offset, shape }) => [
      name,
      { shape, data: valuesOf(variable).slice(offset, offset + sizeOf(shape)) },
    ]),
  );
}

/**
 * Writes what `readSlots` returned into slots that fill their variables.
 *
 * @throws SnapshotMismatchError if a name is missing or unknown, a shape differs, or an array is not float32; nothing has
 * changed then. `what` ends the message about an unknown name.
 */
export function writeSlots(
  slots: readonly NamedSlot[],
  arrays: Readonly<Record<string, ShapedArray>>,
  what: string,
): void {
  const known = new Set(slots.map(({ name }) => name));
  const unknown = Object.keys(arrays).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new SnapshotMismatchError(`"${unknown}" is not a parameter of ${what}`);
  }
  for (const { name, shape } of slots) checkArray(name, arrays[name], shape);
  for (const variable of new Set(slots.map((slot) => slot.variable))) {
    const values = fillTensor<tf.Rank.R1>(variable.shape, (all) => {
      for (const slot of slots) {
        if (slot.variable === variable) all.set(arrays[slot.name]!.data, slot.offset);
      }
    });
    variable.assign(values);
    values.dispose();
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function checkArray(name: string, array: ShapedArray | undefined, shape: readonly number[]): void {
  if (array === undefined) throw new SnapshotMismatchError(`the parameter "${name}" is missing`);
  if (array.shape.join() !== shape.join() || !isFloat32Array(array.data)) {
    throw new SnapshotMismatchError(
      `the parameter "${name}" must be float32 of shape [${shape}], got ${array.data.constructor.name} of shape [${array.shape}]`,
    );
  }
}
