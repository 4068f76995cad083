import { isMaxentError, SpaceMismatchError } from '../errors.js';
import { showValue } from '../show-value.js';
import { requireForm } from './form.js';
import type { Space } from './space.js';

/**
 * Writes the flat form of `value` into `out` from `offset` on, as `space.flattenInto` does. It also checks that the
 * value has the space's form (see `Space.flattenInto`) and that every number is finite, also in the precision of `out`.
 * The space itself may not check this, if it is from another copy of this package or written by hand.
 *
 * Throws SpaceMismatchError that begins with `door`, such as `act: observation`. `out` may then hold anything in the
 * entries meant for the value; other entries do not change.
 */
export function encodeValue(
  space: Space<unknown>,
  value: unknown,
  out: Float32Array | Float64Array,
  door: string,
  offset = 0,
): void {
  requireForm(space, value, door);
  const end = offset + space.flatSize;
  // If the space leaves an entry out, the check below finds it, instead of reading an old number.
  out.fill(Number.NaN, offset, end);
  try {
    space.flattenInto(value, out, offset);
  } catch (error) {
    throw refusal(space, value, door, error);
  }
  for (let i = offset; i < end; i++) {
    // True only for NaN and infinities.
    if (out[i]! - out[i]! !== 0) throw notFinite(space, value, door, i - offset, out[i]!);
  }
}

function refusal(space: Space<unknown>, value: unknown, door: string, cause: unknown): SpaceMismatchError {
  const what = isMaxentError(cause)
    ? cause.message
    : `${space} cannot flatten ${showValue(value)}: ${(cause as Error | undefined)?.message ?? showValue(cause)}`;
  return new SpaceMismatchError(`${door}: ${what}`, { cause });
}

function notFinite(
  space: Space<unknown>,
  value: unknown,
  door: string,
  entry: number,
  encoded: number,
): SpaceMismatchError {
  const given = ArrayBuffer.isView(value) || Array.isArray(value) ? (value as number[])[entry] : encoded;
  const found = Number.isFinite(given) ? `${given}, which is too large for float32` : String(encoded);
  return new SpaceMismatchError(
    `${door}: expected finite numbers for ${space}, got ${found} at entry ${entry} of ${showValue(value)}`,
  );
}
