import * as z from 'zod';
import { pathOption } from '../../arguments/options.js';
import { defineCommand } from '../command.js';
import { reportAnswer } from './answer.js';
import { formatReportAnswer } from './format.js';

/** `maxent report RUN_DIR...`: writes the report of each run, and a page or a picture that compares them. */
export const report = defineCommand({
  input: z.object({
    runDir: z.array(pathOption).min(1).describe('directory of a run; with several, the runs are compared'),
    curve: pathOption
      .endsWith('.svg')
      .optional()
      .describe('picture of the learning curves to write; runs that differ only in the seed share a curve'),
    html: pathOption
      .optional()
      .describe('page to write: with several runs, one that compares them; with one, its report')
      .meta({ placeholder: 'FILE' }),
    threshold: z
      .number()
      .optional()
      .describe(
        'return to reach: the page that compares runs tells the steps to it [default: where all runs were to stop, or none]',
      ),
    noFilm: z
      .boolean()
      .default(false)
      .describe('leave out the pictures of the best policy, which take an episode'),
  }),
  positionals: ['runDir'],
  answer: reportAnswer,
  run: async (input, context) => {
    const { writeReports } = await import('./write-reports.js');
    const answer = await writeReports(input, context);
    return { answer, text: () => formatReportAnswer(answer) };
  },
});
