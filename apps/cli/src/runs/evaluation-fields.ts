import type { Evaluation } from '@maxent/core';
import * as z from 'zod';

/** Fields of every answer about evaluation episodes: how many of them did not end normally. */
export const episodeCounts = {
  cutEpisodes: z
    .int()
    .optional()
    .describe('number of episodes that had not ended within --eval-max-steps; absent if none'),
  unstableEpisodes: z
    .int()
    .optional()
    .describe('number of episodes that ended because the simulation became unstable; absent if none'),
};

type Optional = Pick<Evaluation, 'transformedReturnMean' | 'cutEpisodes' | 'unstableEpisodes'>;

/** The figures that only some evaluations have. */
export function optionalFigures({
  transformedReturnMean,
  cutEpisodes,
  unstableEpisodes,
}: Optional): Optional {
  return {
    ...(transformedReturnMean !== undefined && { transformedReturnMean }),
    ...(cutEpisodes !== undefined && { cutEpisodes }),
    ...(unstableEpisodes !== undefined && { unstableEpisodes }),
  };
}
