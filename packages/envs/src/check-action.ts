import { Box, type Space, SpaceMismatchError } from '@maxent/core';

/**
 * Throws SpaceMismatchError unless an environment can take `action`. For a Box that means a typed array of its size
 * without NaN: like Gymnasium's environments, ours clip entries that lie beyond the bounds, and some reward
 * functions look at the action before it is clipped.
 */
export function checkAction<Action>(space: Space<Action>, action: Action): void {
  if (space instanceof Box ? fitsBox(space, action) : space.contains(action)) return;
  throw new SpaceMismatchError(`action: expected a value of ${space.toString()}, got ${describe(action)}`);
}

function fitsBox(space: Box, action: unknown): boolean {
  return (
    (action instanceof Float32Array || action instanceof Float64Array) &&
    action.length === space.flatSize &&
    !action.some(Number.isNaN)
  );
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name}(${Array.from(value as unknown as ArrayLike<number>).join(', ')})`;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
