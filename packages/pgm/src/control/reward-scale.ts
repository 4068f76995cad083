import { InvalidInputError } from '@maxent/core';
import type { ControlProblem } from './control-options.js';

/**
 * The smallest normal number, 2^-1022. Below it, rounding errors are absolute, about 2^-1074, and no longer relative.
 */
export const SMALLEST_NORMAL = 2 ** -1022;

/**
 * Returns the largest finite |reward|, or the temperature if that is larger, but at least the smallest normal number.
 * Rounding in values is relative to at least this.
 */
export function rewardScale({ mdp, inference, temperature }: ControlProblem): number {
  let scale = Math.max(inference === 'hard' ? 0 : temperature, SMALLEST_NORMAL);
  for (const reward of mdp.reward) {
    const size = Math.abs(reward);
    if (size > scale && size < Infinity) scale = size;
  }
  return scale;
}

/** Throws InvalidInputError unless every value is finite, or -Infinity in a state that is `forbidden`. */
export function requireFiniteValues(V: Float64Array, forbidden: (state: number) => boolean): void {
  V.forEach((value, state) => {
    if (Number.isFinite(value) || (value === -Infinity && forbidden(state))) return;
    throw new InvalidInputError(
      'reward',
      `the value of state ${state} is beyond 1.8e308, the largest number there is; measure rewards and temperature in ` +
        'larger units, or use a smaller discount',
    );
  });
}
