import * as z from 'zod';

/** How target networks follow the networks that are learnt; every agent has defaults of its own. */
export const targetNetworkFields = {
  targetEvery: z.int().positive().describe('gradient steps between updates of the target networks'),
  targetRate: z
    .number()
    .positive()
    .max(1)
    .describe(
      'fraction by which such an update moves them: 1 is a delayed copy; a Polyak average has, say, 0.005 with targetEvery 1',
    ),
};
