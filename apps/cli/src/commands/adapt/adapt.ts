import * as z from 'zod';
import {
  backendOption,
  checkpointOption,
  evalMaxStepsOption,
  kernelsOption,
  noCheckOption,
  pathOption,
  seedOption,
} from '../../arguments/options.js';
import { defineCommand } from '../command.js';
import { adaptAnswer } from './answer.js';
import { formatAdaptAnswer } from './format.js';

/** `maxent adapt RUN_DIR`: one task being found out, episode by episode. */
export const adapt = defineCommand({
  input: z.object({
    runDir: pathOption.describe('directory of a run that learned over a family of tasks'),
    task: z
      .string()
      .default('test:0')
      .describe('test:K or train:K of the run, or a task as JSON such as {"x":0.5,"y":-0.2}'),
    episodes: z
      .int()
      .positive()
      .optional()
      .describe('episodes in the task [default: as many as an evaluation of the run has]'),
    exploration: z
      .int()
      .nonnegative()
      .optional()
      .describe('how many of the first episodes act on draws from the prior [default: as in the run]'),
    checkpoint: checkpointOption,
    seed: seedOption.describe('decides how episodes start, and what is drawn from beliefs'),
    stochastic: z.boolean().default(false).describe("sample actions instead of taking the policy's mode"),
    html: pathOption.optional().describe('write a page with the belief drawn to this file'),
    evalMaxSteps: evalMaxStepsOption,
    noCheck: noCheckOption,
    backend: backendOption,
    kernels: kernelsOption,
  }),
  positionals: ['runDir'],
  answer: adaptAnswer,
  run: async (input, context) => {
    const { adaptRun } = await import('./adapt-run.js');
    const answer = await adaptRun(input, context);
    return { answer, text: () => formatAdaptAnswer(answer) };
  },
});
