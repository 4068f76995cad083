import { z } from 'zod';
import { settingsOption } from '../../arguments/options.js';
import { drawOptions } from '../../figures/draw-options.js';
import { controlOptions } from '../../models/control-options.js';
import { formatEnvironmentOptions } from '../../output/definition-help.js';
import { defineCommand } from '../command.js';
import { solveAnswer } from './answer.js';

/** `maxent solve ENV_ID`: the best values and policy of a tabular environment without its time limit. */
export const solve = defineCommand({
  input: z.object({
    env: z.string().describe('id of a tabular environment, such as FrozenLake-v1'),
    ...controlOptions,
    actionPrior: z
      .enum(['none', 'uniform'])
      .default('uniform')
      .describe(
        'uniform averages over actions (the KL form), so that living on is worth nothing by itself; none sums over them: every step earns entropy, up to the temperature times log(actions), and a way round that takes longer can be worth more than the goal',
      ),
    envSet: settingsOption.describe("one of the environment's options; repeatable"),
    ...drawOptions,
  }),
  positionals: ['env'],
  answer: solveAnswer,
  run: async (input, context) => {
    const { solveEnvironment } = await import('./solve-environment.js');
    return solveEnvironment(input, context);
  },
  format: async (answer) => {
    const { formatSummary, solveSummary } = await import('../../models/summary.js');
    return formatSummary(solveSummary(answer));
  },
  furtherHelp: async (textOf, { plugins }) => {
    const env = textOf('env');
    return env === undefined ? '' : formatEnvironmentOptions((await plugins()).registry.environment(env));
  },
});
