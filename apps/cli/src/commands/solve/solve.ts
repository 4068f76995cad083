import { type ControlOptions, discountedOccupancy, solveTabular } from '@maxent/pgm';
import * as z from 'zod';
import { settingsOption } from '../../arguments/options.js';
import { draw } from '../../figures/draw.js';
import { drawOptions } from '../../figures/draw-options.js';
import { controlFigures } from '../../models/control-figures.js';
import { controlOptions } from '../../models/control-options.js';
import { fixedPointFacts, policyRows } from '../../models/control-summary.js';
import { requireInferenceMemory } from '../../models/inference-memory.js';
import { formatEnvironmentOptions } from '../../output/definition-help.js';
import { formatCounted } from '../../output/format-number.js';
import { NestedArray } from '../../output/nested-array.js';
import { formatSummary, shownNumber } from '../../output/summary.js';
import { defineCommand } from '../command.js';
import { solveAnswer } from './answer.js';
import { readTabularEnvironment } from './tabular-environment.js';

/** `maxent solve ENV_ID`: the best values and policy of a tabular environment without its time limit. */
export const solve = defineCommand({
  input: z.object({
    env: z.string().describe('id of a tabular environment, such as FrozenLake-v1'),
    ...controlOptions,
    actionPrior: z
      .enum(['none', 'uniform'])
      .default('uniform')
      .describe(
        'uniform averages over actions (the KL form), so that going on is worth nothing in itself; none sums over them, so that every step earns entropy, up to the temperature times log(actions), and a detour can be worth more than the goal',
      ),
    envSet: settingsOption.describe('an option of the environment; repeatable'),
    ...drawOptions,
  }),
  positionals: ['env'],
  answer: solveAnswer,
  run: async ({ env, envSet, plot, html, ...options }, { io, plugins }) => {
    const mdp = await readTabularEnvironment((await plugins()).registry, env, envSet);
    const { stateCount, actionCount, transition } = mdp;
    requireInferenceMemory({
      field: '--env-set',
      what: `${formatCounted(stateCount, 'state')} and ${formatCounted(actionCount, 'action')}`,
      read: 2 * transition.values.length,
      worked: 4 * stateCount * actionCount,
      answered: stateCount * (actionCount + 1),
      arrays: stateCount,
    });
    const { startValue, iterations, residual, V, policy: flat } = solveTabular(mdp, options);
    const policy = NestedArray.rows(flat, actionCount);
    const note = entropyNote(options, actionCount);
    const facts = [
      ['value of the start', shownNumber(startValue)],
      ...fixedPointFacts({ iterations, residual }),
      ...(note === undefined ? [] : [['note', note] as const]),
    ] as const;
    const figures = () => {
      const stateMarginals = discountedOccupancy(mdp, { V, policy: flat }, options);
      return controlFigures(mdp, { V, policy: flat, stateMarginals }, null);
    };
    return {
      answer: { startValue, iterations, residual, V, policy, ...(note !== undefined && { note }) },
      text: () => formatSummary({ facts, ...policyRows('V', V, policy) }),
      ...(await draw({ plot, html }, { title: `${env}, ${options.inference}`, facts, figures }, io)),
    };
  },
  furtherHelp: async (textOf, { plugins }) => {
    const env = textOf('env');
    return env === undefined ? '' : formatEnvironmentOptions((await plugins()).registry.environment(env));
  },
});

/** If the sum over actions counts entropy as reward, lingering may be worth more than arriving. */
function entropyNote(
  { inference, actionPrior, temperature = 1 }: ControlOptions,
  actionCount: number,
): string | undefined {
  if (inference === 'hard' || actionPrior !== 'none' || actionCount === 1) return undefined;
  const most = shownNumber(temperature * Math.log(actionCount));
  return (
    `every step earns up to ${most} of entropy (temperature times log ${actionCount}), so that a detour can be ` +
    'worth more than the goal; --action-prior uniform prevents that'
  );
}
