import { z } from 'zod';
import { pathOption } from '../../arguments/options.js';
import { formatCount, formatValue } from '../../output/format-number.js';
import { defineCommand } from '../command.js';
import { reportAnswer } from './answer.js';

/** `maxent report RUN_DIR...`: writes the report of each run, and a picture that compares them. */
export const report = defineCommand({
  input: z.object({
    runDir: z.array(pathOption).min(1).describe('directory of a run; several are compared'),
    curve: pathOption
      .endsWith('.svg')
      .optional()
      .describe('picture of the learning curves to write; runs that differ in the seed only share a curve'),
  }),
  positionals: ['runDir'],
  answer: reportAnswer,
  run: async ({ runDir, curve }, { io }) => {
    const { writeReports } = await import('./write-reports.js');
    return { answer: await writeReports(io, runDir, curve) };
  },
  format: ({ runs, curve }) => {
    const lines = runs.map(({ agent, environment, seed, lastEvaluation, report: path }) => {
      const result =
        lastEvaluation === null
          ? 'no evaluation yet'
          : `return ${formatValue(Number(lastEvaluation.returnMean))} at step ${formatCount(lastEvaluation.step)}`;
      return `${agent} on ${environment}, seed ${seed}: ${result}; ${path}`;
    });
    return `${[...lines, ...(curve === null ? [] : [`Learning curves: ${curve}`])].join('\n')}\n`;
  },
});
