import { type Box, type BoxArray, isBoundedBox, isBox, type Space } from '@maxent/core';
import { refuse } from '../file/fields.js';
import { requireFinite } from '../network/choose.js';

/** Gives an action from `size` numbers. */
export interface Bounds {
  readonly size: number;
  readonly actionOf: (numbers: Float32Array) => BoxArray;
  /** The numbers of an action, written from `offset` on. */
  readonly numbersOf: (action: ArrayLike<number>, out: Float32Array, offset: number) => void;
}

/** From (-1, 1) to the bounds of a Box, which must be finite and differ: center + half range times number. */
export function squashedBounds(space: Space<unknown>): Bounds {
  if (!isBoundedBox(space)) refuse('actionSpace', `expected a Box with finite bounds, got ${space}`);
  const { low, high } = space as Box;
  const center = low.map((value, i) => (value + high[i]!) / 2);
  const half = low.map((value, i) => (high[i]! - value) / 2);
  if (half.includes(0)) refuse('actionSpace', 'expected bounds that differ');
  return {
    size: low.length,
    actionOf: (numbers) => {
      const action = space.unflatten(numbers) as BoxArray;
      for (let i = 0; i < action.length; i++) {
        requireFinite(numbers[i]!);
        // tanh rounds to exactly +-1 in float32, and rounding may then step over the bound.
        action[i] = Math.min(Math.max(center[i]! + half[i]! * numbers[i]!, low[i]!), high[i]!);
      }
      return action;
    },
    numbersOf: (action, out, offset) => {
      for (let i = 0; i < low.length; i++) out[offset + i] = (action[i]! - center[i]!) / half[i]!;
    },
  };
}

/** A Box whose actions are the numbers as they are. */
export function plainBounds(space: Space<unknown>): Bounds {
  if (!isBox(space)) return refuse('actionSpace', `expected a Box, got ${space}`);
  return {
    size: space.flatSize,
    actionOf: (numbers) => {
      numbers.forEach(requireFinite);
      return space.unflatten(numbers);
    },
    numbersOf: (action, out, offset) => out.set(action, offset),
  };
}
