import { z } from 'zod';

/**
 * The factor of rewards before learning. At a fixed temperature, only rewardScale / temperature decides which policy
 * is best; the two differ in the magnitude of the values that networks must learn.
 */
export const rewardScaleField = z
  .number()
  .positive('expected a number above 0: a reward scale of 0 leaves nothing to learn')
  .default(1)
  .describe('factor of rewards before learning; at a fixed temperature, 10 here is as a tenth there');
