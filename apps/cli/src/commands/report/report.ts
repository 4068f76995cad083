import * as z from 'zod';
import { pathOption } from '../../arguments/options.js';
import { defineCommand } from '../command.js';
import { reportAnswer } from './answer.js';
import { formatReportAnswer } from './format.js';

/** `maxent report RUN_DIR...`: writes the report of each run, and a picture that compares them. */
export const report = defineCommand({
  input: z.object({
    runDir: z.array(pathOption).min(1).describe('directory of a run; with several, the runs are compared'),
    curve: pathOption
      .endsWith('.svg')
      .optional()
      .describe('picture of the learning curves to write; runs that differ only in the seed share a curve'),
  }),
  positionals: ['runDir'],
  answer: reportAnswer,
  run: async ({ runDir, curve }, { io }) => {
    const { writeReports } = await import('./write-reports.js');
    const answer = await writeReports(io, runDir, curve);
    return { answer, text: () => formatReportAnswer(answer) };
  },
});
