import {
  Box,
  Dict,
  Discrete,
  isBox,
  isDict,
  isDiscrete,
  isMultiDiscrete,
  MultiDiscrete,
  type Space,
  SpaceMismatchError,
} from '@maxent/core';

/** Everything needed to make a space again in another thread; it can be cloned. */
export type SpaceDescription =
  | {
      readonly kind: 'box';
      readonly low: Float64Array;
      readonly high: Float64Array;
      readonly shape: readonly number[];
      readonly dataType: 'float32' | 'float64';
    }
  | { readonly kind: 'discrete'; readonly count: number }
  | { readonly kind: 'multi-discrete'; readonly counts: readonly number[] }
  | { readonly kind: 'dict'; readonly spaces: Readonly<Record<string, SpaceDescription>> };

/** Throws SpaceMismatchError for a kind of space that it does not know. */
export function describeSpace(space: Space<unknown>): SpaceDescription {
  if (isBox(space)) {
    const { low, high, shape, dataType } = space;
    return { kind: 'box', low, high, shape, dataType };
  }
  if (isDiscrete(space)) return { kind: 'discrete', count: space.count };
  if (isMultiDiscrete(space)) return { kind: 'multi-discrete', counts: space.counts };
  if (isDict(space)) {
    const parts: [string, Space<unknown>][] = Object.entries(space.spaces);
    return {
      kind: 'dict',
      spaces: Object.fromEntries(parts.map(([name, part]) => [name, describeSpace(part)])),
    };
  }
  throw new SpaceMismatchError(
    `expected a Box, Discrete, MultiDiscrete or Dict, which threads can share, got ${space.toString()}`,
  );
}

export function spaceFrom(description: SpaceDescription): Space<unknown> {
  switch (description.kind) {
    case 'box':
      return new Box(description);
    case 'discrete':
      return new Discrete(description.count);
    case 'multi-discrete':
      return new MultiDiscrete(description.counts);
    case 'dict':
      return new Dict(
        Object.fromEntries(Object.entries(description.spaces).map(([name, part]) => [name, spaceFrom(part)])),
      );
  }
}
