import * as z from 'zod';
import { actingOptions, checkpointOption, pathOption, seedOption } from '../../arguments/options.js';
import { formatCount, formatValue } from '../../output/format-number.js';
import { defineCommand } from '../command.js';
import { watchAnswer } from './answer.js';

/** `maxent watch RUN_DIR --html FILE`: one episode as a page to play. */
export const watch = defineCommand({
  input: z.object({
    runDir: pathOption.describe('directory of a run'),
    html: pathOption.describe('page to write; replaces an existing one'),
    checkpoint: checkpointOption
      .unwrap()
      .optional()
      .describe(
        'checkpoint to act with: the best by evaluation mean, the newest, or a kept one by its step [default: best, or newest if none was evaluated]',
      )
      .meta({ placeholder: 'best|newest|STEP' }),
    seed: seedOption.describe('determines how the episode starts, and the actions with --stochastic'),
    ...actingOptions,
  }),
  positionals: ['runDir'],
  answer: watchAnswer,
  run: async (input, context) => {
    const { watchRun } = await import('./watch-run.js');
    const answer = await watchRun(input, context);
    return {
      answer,
      text: () =>
        `return ${formatValue(Number(answer.return))} in ${formatCount(answer.length)} steps with the policy of step ` +
        `${formatCount(answer.step)}; open ${answer.html} in a browser\n`,
    };
  },
});
