import { z } from 'zod';

/** Options that several environments have, with Gymnasium's meaning. */

export function frameSkipOption(frameSkip: number) {
  return z.int().positive().default(frameSkip).describe('Physics steps per environment step.');
}

export function resetNoiseScaleOption(scale: number) {
  return z
    .number()
    .nonnegative()
    .default(scale)
    .describe('Size of the random change of the first positions and velocities.');
}

export function forwardRewardWeightOption() {
  return z.number().default(1).describe('Weight of the forward velocity in the reward.');
}

export function controlCostWeightOption(weight: number) {
  return z.number().default(weight).describe('Weight of the sum of squared actions that is subtracted.');
}
