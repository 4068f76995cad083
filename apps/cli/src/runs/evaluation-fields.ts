import type { Evaluation } from '@maxent/core';
import * as z from 'zod';

/** In every answer about evaluation episodes: how many of them did not end as they should. */
export const episodeCounts = {
  cutEpisodes: z
    .int()
    .optional()
    .describe('episodes that had not ended within --eval-max-steps; absent for none'),
  unstableEpisodes: z
    .int()
    .optional()
    .describe('episodes that ended because the simulation became unstable; absent for none'),
};

type Optional = Pick<Evaluation, 'transformedReturnMean' | 'cutEpisodes' | 'unstableEpisodes'>;

/** The figures of an evaluation that not every one has. */
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
