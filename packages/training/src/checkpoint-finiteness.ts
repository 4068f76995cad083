import { isFloat32Array, isFloat64Array, type Snapshot, splitSnapshot } from '@maxent/core';

/**
 * A magnitude that healthy learning never reaches: in float32, numbers around it are 1e8 apart, and the product of
 * three of them overflows.
 */
export const BLOW_UP = 1e15;

/** A number in a snapshot, and where it is. */
export interface FoundNumber {
  /** Name of the array, or path of the metadata. */
  readonly name: string;
  /** Entry of the array, row by row. */
  readonly entry?: number;
  readonly value: number;
}

/**
 * Parts that belong to an environment, where an infinity may be a legitimate value, such as the best distance so far.
 */
const ENVIRONMENTS = ['environment', 'evaluationEnvironment'];

/**
 * The first number in a checkpoint that is not finite, arrays before metadata; undefined if all are. An environment's
 * own state may hold infinities, but no NaN. Rows of experience are not examined: they are checked when they come in.
 */
export function firstNonFinite(checkpoint: Snapshot): FoundNumber | undefined {
  for (const part of Object.keys(checkpoint.metadata)) {
    const snapshot = splitSnapshot(checkpoint, part)!;
    const found = ENVIRONMENTS.includes(part)
      ? firstInArrays(snapshot, Number.isNaN)
      : firstNonFiniteIn(snapshot);
    if (found !== undefined) return { ...found, name: `${part}/${found.name}` };
  }
  return undefined;
}

/**
 * The first number that is not finite in an agent's snapshot, or in any other snapshot that must be finite throughout.
 */
export function firstNonFiniteIn(snapshot: Snapshot): FoundNumber | undefined {
  return firstInArrays(snapshot, isNotFinite) ?? firstInJson(snapshot.metadata, '');
}

/** The first number in the arrays of an agent's snapshot with a magnitude above `BLOW_UP`. */
export function firstBlownUp(snapshot: Snapshot): FoundNumber | undefined {
  return firstInArrays(snapshot, isBlownUp);
}

export function isBlownUp(value: number): boolean {
  return Math.abs(value) > BLOW_UP;
}

function isNotFinite(value: number): boolean {
  return !Number.isFinite(value);
}

function firstInArrays({ arrays }: Snapshot, matches: (value: number) => boolean): FoundNumber | undefined {
  for (const [name, { data }] of Object.entries(arrays)) {
    if (!isFloat32Array(data) && !isFloat64Array(data)) continue;
    for (let entry = 0; entry < data.length; entry++) {
      if (matches(data[entry]!)) return { name, entry, value: data[entry]! };
    }
  }
  return undefined;
}

function firstInJson(value: unknown, name: string): FoundNumber | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { name, value };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = firstInJson(inner, name === '' ? key : `${name}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** For a sentence: `array "agent/actor/layer0" holds NaN at entry 3`. */
export function describeFound({ name, entry, value }: FoundNumber): string {
  return entry === undefined ? `"${name}" is ${value}` : `array "${name}" holds ${value} at entry ${entry}`;
}
