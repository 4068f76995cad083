import * as z from 'zod';
import { CONTINUOUS_ACTION_AGENTS, DISCRETE_ACTION_AGENTS } from './supported-spaces.js';

/**
 * Multiplies rewards before learning. At a fixed temperature, only rewardScale / temperature decides which policy is
 * best; the scale also sets the magnitude of the values that networks must learn.
 */
export const rewardScaleField = z
  .number()
  .positive(
    `expected a number above 0 for the agent ${CONTINUOUS_ACTION_AGENTS}, since 0 leaves nothing to learn; on Discrete actions the agent ${DISCRETE_ACTION_AGENTS} takes rewards as they are`,
  )
  .default(1)
  .describe(
    'multiplies rewards before learning; at a fixed temperature, 10 has the same effect as dividing the temperature by 10',
  );
