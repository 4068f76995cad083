import * as z from 'zod';
import { noCheckOption, settingsOption } from '../../arguments/options.js';
import { formatEnvironmentOptions } from '../../output/definition-help.js';
import { defineCommand } from '../command.js';
import { rolloutAnswer } from './answer.js';
import { formatRolloutAnswer } from './format.js';

/** `maxent rollout ENV_ID --input FILE`: runs an environment from a given state with given actions. */
export const rollout = defineCommand({
  input: z.object({
    env: z.string().describe('id of the environment; maxent list environments shows the ids'),
    input: z.string().min(1).describe('file with {"seed"?, "state"?, "actions"}; - reads standard input'),
    envSet: settingsOption.describe('an option of the environment; repeatable'),
    noCheck: noCheckOption,
  }),
  positionals: ['env'],
  answer: rolloutAnswer,
  run: async (input, context) => {
    const { rolloutFile } = await import('./rollout-file.js');
    const answer = await rolloutFile(input, context);
    return { answer, text: () => formatRolloutAnswer(answer) };
  },
  furtherHelp: async (textOf, { plugins }) => {
    const env = textOf('env');
    return env === undefined ? '' : formatEnvironmentOptions((await plugins()).registry.environment(env));
  },
});
