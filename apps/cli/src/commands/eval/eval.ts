import * as z from 'zod';
import {
  actingOptions,
  checkpointOption,
  pathOption,
  seedOption,
  settingsOption,
} from '../../arguments/options.js';
import { defineCommand } from '../command.js';
import { evalAnswer } from './answer.js';
import { formatEvalAnswer } from './format.js';

/** `maxent eval RUN_DIR`: whole episodes with a policy that the run kept. */
export const evalCommand = defineCommand({
  input: z.object({
    runDir: pathOption.describe('directory of a run'),
    episodes: z.int().positive().default(10).describe('number of episodes'),
    checkpoint: checkpointOption,
    set: settingsOption.describe(
      "a setting of the agent to act with instead of the run's, such as the skill of one that has several; repeatable",
    ),
    seed: seedOption.describe('determines how episodes start, and the actions with --stochastic'),
    ...actingOptions,
  }),
  positionals: ['runDir'],
  events: true,
  answer: evalAnswer,
  run: async (input, context) => {
    const { evaluateRun } = await import('./evaluate-run.js');
    const answer = await evaluateRun(input, context);
    return { answer, text: () => formatEvalAnswer(answer) };
  },
});
