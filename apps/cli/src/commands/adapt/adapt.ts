import * as z from 'zod';
import {
  backendOption,
  checkpointOption,
  evalMaxStepsOption,
  kernelsOption,
  noCheckOption,
  pathOption,
  seedOption,
  stochasticOption,
} from '../../arguments/options.js';
import { drawOptions } from '../../figures/draw-options.js';
import { defineCommand } from '../command.js';
import { adaptAnswer } from './answer.js';
import { formatAdaptAnswer } from './format.js';

/** `maxent adapt RUN_DIR`: adaptation to one task, episode by episode. */
export const adapt = defineCommand({
  input: z.object({
    runDir: pathOption.describe('directory of a run over a task family'),
    task: z
      .string()
      .default('test:0')
      .describe('the run\'s task test:K or train:K, or a task as JSON such as {"x":0.5,"y":-0.2}'),
    episodes: z
      .int()
      .positive()
      .optional()
      .describe("number of episodes in the task [default: as in the run's evaluations]"),
    exploration: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'number of episodes at the beginning that act on draws from the prior [default: as in the run]',
      ),
    checkpoint: checkpointOption,
    seed: seedOption.describe('determines how episodes start, and the draws from beliefs'),
    stochastic: stochasticOption,
    ...drawOptions,
    evalMaxSteps: evalMaxStepsOption,
    noCheck: noCheckOption,
    backend: backendOption,
    kernels: kernelsOption,
  }),
  positionals: ['runDir'],
  events: true,
  answer: adaptAnswer,
  run: async (input, context) => {
    const { adaptRun } = await import('./adapt-run.js');
    const { answer, drawing } = await adaptRun(input, context);
    return { answer, text: () => formatAdaptAnswer(answer), ...(drawing !== undefined && { drawing }) };
  },
});
