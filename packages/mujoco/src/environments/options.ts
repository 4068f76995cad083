import * as z from 'zod';

/** Options that several environments share, with the same meaning as in Gymnasium. */

export function frameSkipOption(frameSkip: number) {
  return z.int().positive().default(frameSkip).describe('Physics steps per environment step.');
}

export function modelOption() {
  return z
    .string()
    .min(1)
    .optional()
    .describe('MJCF text of another model to use; its joints must be in the same order.');
}

export function resetNoiseScaleOption(scale: number) {
  return z
    .number()
    .nonnegative()
    .default(scale)
    .describe('Size of the random noise on the start positions and velocities.');
}

export function forwardRewardWeightOption(weight = 1) {
  return z.number().default(weight).describe('Weight of the forward velocity in the reward.');
}

export function ctrlCostWeightOption(weight: number) {
  return z.number().default(weight).describe('Weight of the sum of squared actions, a cost.');
}

export function healthyRewardOption(reward = 1) {
  return z.number().default(reward).describe('Reward for every step that ends healthy.');
}

export function terminateWhenUnhealthyOption() {
  return z.boolean().default(true).describe('End the episode when the robot is not healthy.');
}

export function excludeCurrentPositionsOption() {
  return z.boolean().default(true).describe('Leave the position along the ground out of the observation.');
}

/**
 * JSON has no infinite numbers, so a bound may be their name. This does not use z.enum, whose type has the names as
 * keys: TypeScript cannot write the key `-Infinity` into a declaration file.
 */
const bound = z.union([z.number(), z.literal(['-Infinity', 'Infinity'])]);

type Bound = z.output<typeof bound>;

/** Makes an option with a lower and an upper bound; `boundsOf` reads it. */
export function rangeOption(low: Bound, high: Bound, description: string) {
  return z
    .tuple([bound, bound])
    .refine(
      (range) => Number(range[0]) <= Number(range[1]),
      'expected a lower bound that is not above the upper',
    )
    .default([low, high])
    .describe(description);
}

export function boundsOf([low, high]: readonly [Bound, Bound]): readonly [number, number] {
  return [Number(low), Number(high)];
}
