import * as z from 'zod';

/** How target networks follow the learned networks; every agent has its own defaults. */
export const targetNetworkFields = {
  targetEvery: z.int().positive().describe('gradient steps between updates of the target networks'),
  targetRate: z
    .number()
    .positive()
    .max(1)
    .describe(
      'fraction of the way that each update moves the target networks: 1 makes a delayed copy; 0.005 with targetEvery 1 makes a Polyak average',
    ),
};
