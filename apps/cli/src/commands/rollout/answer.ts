import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';

/** A value of an observation space: numbers of any nesting, or a record of such values. */
const observation = z.union([jsonNumber, z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** What `maxent rollout` answers for n steps. */
export const rolloutAnswer = z.object({
  observations: z.array(observation).describe('n + 1 observations, beginning with the start'),
  rewards: z.array(jsonNumber),
  terminated: z.array(z.boolean()),
  truncated: z.array(z.boolean()),
  infos: z.array(z.record(z.string(), z.unknown())),
});

export type RolloutAnswer = z.output<typeof rolloutAnswer>;
