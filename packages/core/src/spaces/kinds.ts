import { SpaceMismatchError } from '../errors.js';
import { showValue } from '../show-value.js';
import type { Box } from './box.js';
import type { Dict, SpaceRecord } from './dict.js';
import type { Discrete } from './discrete.js';
import type { MultiDiscrete } from './multi-discrete.js';

/**
 * These functions look at a space's `kind`, not at its class. A program may hold several copies of this package, and a
 * plugin's spaces then have the classes of its own copy. Each function throws SpaceMismatchError for an object that
 * claims a kind without having its properties.
 */
export function isBox(space: unknown): space is Box {
  if (kindOf(space) !== 'box') return false;
  const { flatSize, low, high } = space as Box;
  if (isSize(flatSize) && low?.length === flatSize && high?.length === flatSize) return true;
  throw malformed(space, 'flatSize, low and high, one bound per entry');
}

/** Whether a space is a Box whose every entry has a finite lower and upper bound. */
export function isBoundedBox(space: unknown): space is Box {
  if (!isBox(space)) return false;
  for (let i = 0; i < space.flatSize; i++) {
    if (!Number.isFinite(space.low[i]) || !Number.isFinite(space.high[i])) return false;
  }
  return true;
}

export function isDiscrete(space: unknown): space is Discrete {
  if (kindOf(space) !== 'discrete') return false;
  const { count, flatSize } = space as Discrete;
  if (isSize(count) && flatSize === count) return true;
  throw malformed(space, 'count and flatSize, the same positive integer');
}

export function isMultiDiscrete(space: unknown): space is MultiDiscrete {
  if (kindOf(space) !== 'multi-discrete') return false;
  const { counts, flatSize } = space as MultiDiscrete;
  if (Array.isArray(counts) && isSize(flatSize)) return true;
  throw malformed(space, 'counts, an array of positive integers, and flatSize, their sum');
}

export function isDict(space: unknown): space is Dict<SpaceRecord> {
  if (kindOf(space) !== 'dict') return false;
  const { spaces, flatSize } = space as Dict<SpaceRecord>;
  if (typeof spaces === 'object' && spaces !== null && isSize(flatSize)) return true;
  throw malformed(space, 'spaces, a record of spaces, and flatSize, the sum of theirs');
}

function kindOf(space: unknown): unknown {
  return typeof space === 'object' && space !== null
    ? (space as { readonly kind?: unknown }).kind
    : undefined;
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function malformed(space: unknown, properties: string): SpaceMismatchError {
  const { kind } = space as { readonly kind: string };
  return new SpaceMismatchError(
    `a space of kind "${kind}" needs the properties ${properties}, got ${showValue(space)}; make it with @maxent/core`,
  );
}
