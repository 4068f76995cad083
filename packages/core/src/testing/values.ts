import { dataTypeOf, type NumericArray, typedArrayName } from '../arrays.js';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js';
import { copySnapshot, type Snapshot } from '../snapshot.js';
import type { Dict } from '../spaces/dict.js';
import { isBox, isDict, isDiscrete, isMultiDiscrete } from '../spaces/kinds.js';
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
  if (typedArrayName(value) !== undefined) {
    (value as Float64Array).fill(123);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) scribble(part);
  }
}

/** Values that no environment with this action space may accept. */
export function malformedActions(space: Space<unknown>): unknown[] {
  const malformed: unknown[] = [undefined, 'an action'];
  if (isBox(space)) {
    malformed.push(new Float32Array(space.flatSize + 1), new Float32Array(space.flatSize).fill(Number.NaN));
  }
  if (isDiscrete(space)) malformed.push(-1, space.count, 0.5);
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

/** Why a value has no flat form in a space, whatever its numbers are; undefined when it has one. */
export function wrongShape(space: Space<unknown>, value: unknown): string | undefined {
  if (isDict(space)) {
    if (typeof value !== 'object' || value === null) return `expected a record, got ${show(value)}`;
    return firstOfParts(space, value, wrongShape);
  }
  if (isBox(space) || isMultiDiscrete(space)) {
    const arrays = isBox(space) ? ['Float32Array', 'Float64Array'] : ['Int32Array'];
    if (!arrays.includes(typedArrayName(value) ?? '')) {
      return `expected a ${arrays.join(' or ')}, got ${show(value)}`;
    }
    const { length } = value as ArrayLike<number>;
    const size = isBox(space) ? space.flatSize : space.counts.length;
    return length === size ? undefined : `expected ${size} entries, got ${length}`;
  }
  if (isDiscrete(space) && typeof value !== 'number') return `expected a number, got ${show(value)}`;
  return undefined;
}

/** The first array within a value that is of another type than its Box says; undefined when none is. */
export function wrongDataType(space: Space<unknown>, value: unknown): string | undefined {
  if (isDict(space)) return firstOfParts(space, value as object, wrongDataType);
  if (!isBox(space)) return undefined;
  const found = dataTypeOf(value as NumericArray);
  return found === space.dataType ? undefined : `${found} where the space says ${space.dataType}`;
}

/** The first number of a Box value that is outside its bounds; undefined when none is. */
export function outOfBounds(space: Space<unknown>, value: unknown): string | undefined {
  if (isDict(space)) return firstOfParts(space, value as object, outOfBounds);
  if (!isBox(space) || space.contains(value)) return undefined;
  const entries = Array.from(value as NumericArray);
  const index = entries.findIndex((entry, i) => !(entry >= space.low[i]! && entry <= space.high[i]!));
  return `entry ${index} is ${entries[index]}, outside [${space.low[index]}, ${space.high[index]}]`;
}

/** What `find` finds in the first part of a Dict's value where it finds something. */
function firstOfParts(
  space: Dict<Readonly<Record<string, Space<unknown>>>>,
  value: object,
  find: (space: Space<unknown>, value: unknown) => string | undefined,
): string | undefined {
  for (const [name, part] of Object.entries(space.spaces)) {
    const found = find(part, (value as Record<string, unknown>)[name]);
    if (found !== undefined) return `part ${name}: ${found}`;
  }
  return undefined;
}
