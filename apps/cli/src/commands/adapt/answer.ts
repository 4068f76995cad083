import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';

/** What `maxent adapt` answers. */
export const adaptAnswer = z.object({
  family: z.string(),
  task: z.record(z.string(), z.unknown()),
  step: z.int().describe('environment step of the checkpoint that adapted'),
  explorationEpisodes: z.int().describe('episodes at the beginning that acted on draws from the prior'),
  episodes: z.array(
    z.object({
      latentFrom: z
        .enum(['prior', 'belief', 'told', 'none'])
        .describe('where the latent that the agent acted on came from'),
      return: jsonNumber,
      length: z.int(),
      cut: z.literal(true).optional().describe('the episode had not ended within --eval-max-steps'),
      unstable: z
        .literal(true)
        .optional()
        .describe('the episode ended because the simulation became unstable'),
      success: z.int().optional().describe("1 if the episode reached the task's goal"),
      belief: z
        .object({
          mean: z.array(jsonNumber),
          deviation: z.array(jsonNumber),
        })
        .optional()
        .describe('belief about the task after the episode'),
    }),
  ),
  page: z.string().optional().describe('with --html, path of the page that was written'),
});

export type AdaptAnswer = z.output<typeof adaptAnswer>;
