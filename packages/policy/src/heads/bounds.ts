import { type Box, type BoxArray, isBoundedBox, isBox, type Space } from '@maxent/core';
import type { Field } from '../file/field.js';
import { requireFinite } from '../network/choose.js';

/** Converts between `size` numbers and an action. */
export interface Bounds {
  readonly size: number;
  readonly actionOf: (numbers: Float32Array) => BoxArray;
  /** Converts an action in `data`, from `offset` on, into its numbers. */
  readonly toNumbers: (data: Float32Array, offset: number) => void;
}

/**
 * Maps (-1, 1) to the bounds of a Box, which must be finite and differ, as center + half range times number. If not
 * `squashed`, actions are the numbers themselves, clipped to the bounds if there are any.
 */
export function boundsOf(space: Space<unknown>, field: Field, squashed = true): Bounds {
  field.require(
    squashed ? isBoundedBox(space) : isBox(space),
    `a Box${squashed ? ' with finite bounds' : ''}`,
    `${space}`,
  );
  const { low, high } = space as Box;
  const center = low.map((value, i) => (squashed ? (value + high[i]!) / 2 : 0));
  const half = low.map((value, i) => (squashed ? (high[i]! - value) / 2 : 1));
  field.require(!half.includes(0), 'bounds that differ', `${space}`);
  return {
    size: low.length,
    actionOf: (numbers) => {
      const action = space.unflatten(numbers) as BoxArray;
      for (let i = 0; i < action.length; i++) {
        requireFinite(numbers[i]!);
        // tanh rounds to exactly +-1 in float32, and rounding may then exceed the bound.
        action[i] = Math.min(Math.max(center[i]! + half[i]! * numbers[i]!, low[i]!), high[i]!);
      }
      return action;
    },
    toNumbers: (data, offset) => {
      for (let i = 0; i < low.length; i++) data[offset + i] = (data[offset + i]! - center[i]!) / half[i]!;
    },
  };
}
