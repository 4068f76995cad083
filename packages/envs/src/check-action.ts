import {
  formProblem,
  isBox,
  isFloat32Array,
  isFloat64Array,
  type Space,
  SpaceMismatchError,
  showValue,
} from '@maxent/core';

/**
 * Throws SpaceMismatchError unless an environment can take `action`. For a Box that means a Float32Array or
 * Float64Array of its size without NaN. Like Gymnasium's environments, ours clip entries beyond the bounds, and some
 * reward functions use the action before it is clipped, and compute in its precision.
 */
export function checkAction<Action>(space: Space<Action>, action: Action): void {
  if (isBox(space) ? fitsBox(space.flatSize, action) : space.contains(action)) return;
  throw new SpaceMismatchError(`action: ${problemOf(space, action)}`);
}

function fitsBox(size: number, action: unknown): boolean {
  if (!(isFloat32Array(action) || isFloat64Array(action)) || action.length !== size) return false;
  for (let i = 0; i < size; i++) if (Number.isNaN(action[i])) return false;
  return true;
}

function problemOf(space: Space<unknown>, action: unknown): string {
  const problem = formProblem(space, action);
  if (problem !== undefined) return problem;
  const arrays: Readonly<Record<string, readonly string[]>> = {
    box: ['Float32Array', 'Float64Array'],
    'multi-discrete': ['Int32Array'],
  };
  const expected = arrays[space.kind];
  if (expected === undefined || (isBox(space) && (isFloat32Array(action) || isFloat64Array(action)))) {
    return `expected a value of ${space}, got ${showValue(action)}`;
  }
  return `expected ${expected[0] === 'Int32Array' ? 'an' : 'a'} ${expected.join(' or ')} for ${space}, got ${showValue(action)}; write ${expected[0]}.from(action)`;
}
