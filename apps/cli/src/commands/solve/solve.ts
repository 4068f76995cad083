import type { TabularMdp } from '@maxent/core';
import { type ControlOptions, discountedOccupancy, inferControl, solveTabular } from '@maxent/pgm';
import * as z from 'zod';
import { settingsOption } from '../../arguments/options.js';
import { draw } from '../../figures/draw.js';
import { type DrawRequest, drawOptions } from '../../figures/draw-options.js';
import type { Figure } from '../../figures/figure.js';
import { compared } from '../../models/compare/compared.js';
import { type CompareOptions, meanOverStart } from '../../models/compare/comparison.js';
import { comparisonSize } from '../../models/compare/comparison-size.js';
import { controlFigures, pathFigure } from '../../models/control-figures.js';
import { controlOptions } from '../../models/control-options.js';
import { controlStory } from '../../models/control-story.js';
import { fixedPointFacts, policyRows } from '../../models/control-summary.js';
import { type InferenceSize, requireInferenceMemory } from '../../models/inference-memory.js';
import { actionNames } from '../../models/names.js';
import { formatEnvironmentOptions } from '../../output/definition-help.js';
import { NestedArray } from '../../output/nested-array.js';
import { formatSummary, shownNumber } from '../../output/summary.js';
import type { CommandIo } from '../../process/command-io.js';
import { defineCommand } from '../command.js';
import { solveAnswer } from './answer.js';
import { statePath } from './state-path.js';
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
    horizon: z
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('number of decisions, after which an episode ends with value 0 [default: infinite]')
      .meta({ placeholder: 'T' }),
    compare: z
      .boolean()
      .default(false)
      .describe(
        'hard, exact and variational side by side, whatever --inference says, and what differs; a discount below 1 is read as termination',
      ),
    ...drawOptions,
  }),
  positionals: ['env'],
  answer: solveAnswer,
  run: async ({ env, envSet, plot, html, compare, ...options }, { io, plugins }) => {
    const mdp = await readTabularEnvironment((await plugins()).registry, env, envSet);
    requireInferenceMemory(sizeOf(mdp, options.horizon, compare));
    const request = { plot, html };
    if (compare) return runComparison(env, mdp, options, request, io);
    const title = `${env}, ${options.inference}`;
    const { horizon } = options;
    return horizon === null
      ? runStationary(title, mdp, options, request, io)
      : runFinite(title, mdp, { ...options, horizon }, request, io);
  },
  furtherHelp: async (textOf, { plugins }) => {
    const env = textOf('env');
    return env === undefined ? '' : formatEnvironmentOptions((await plugins()).registry.environment(env));
  },
});

type SolveOptions = CompareOptions & Pick<ControlOptions, 'inference'>;

async function runStationary(
  title: string,
  mdp: TabularMdp,
  options: SolveOptions,
  request: DrawRequest,
  io: CommandIo,
) {
  const { startValue, iterations, residual, V, policy: flat } = solveTabular(mdp, options);
  const policy = NestedArray.rows(flat, mdp.actionCount);
  const note = entropyNote(options, mdp.actionCount);
  const facts = [
    ['value of the start', shownNumber(startValue)],
    ...fixedPointFacts({ iterations, residual }),
    ...(note === undefined ? [] : [['note', note] as const]),
  ] as const;
  const figures = () => {
    const stateMarginals = discountedOccupancy(mdp, { V, policy: flat }, options);
    const path = statePath(mdp, { V, policy: flat }, options);
    return [
      ...controlFigures(mdp, { V, policy: flat, stateMarginals }, null),
      ...(path === undefined ? [] : [pathFigure(mdp, path)]),
    ];
  };
  const story = (drawn: readonly Figure[]) => controlStory([options.inference], drawn);
  return {
    answer: { startValue, iterations, residual, V, policy, ...(note !== undefined && { note }) },
    text: () => formatSummary({ facts, ...policyRows('V', V, policy, actionNames(mdp)) }),
    ...(await draw(request, { title, facts, figures, story }, io)),
  };
}

async function runFinite(
  title: string,
  mdp: TabularMdp,
  options: SolveOptions & { readonly horizon: number },
  request: DrawRequest,
  io: CommandIo,
) {
  const { horizon } = options;
  const solution = inferControl(mdp, options);
  const startValue = meanOverStart(mdp, solution.V);
  const V = NestedArray.rows(solution.V, mdp.stateCount);
  const policy = NestedArray.matrices(solution.policy, mdp.stateCount, mdp.actionCount);
  const stateMarginals = solution.stateMarginals && NestedArray.rows(solution.stateMarginals, mdp.stateCount);
  const note = entropyNote(options, mdp.actionCount);
  const facts = [
    ['value of the start', shownNumber(startValue)],
    ['decisions', String(horizon)],
    ...(note === undefined ? [] : [['note', note] as const]),
  ] as const;
  const figures = () => controlFigures(mdp, solution, horizon);
  const story = (drawn: readonly Figure[]) => controlStory([options.inference], drawn);
  return {
    answer: { startValue, V, policy, stateMarginals, ...(note !== undefined && { note }) },
    text: () =>
      formatSummary({
        facts,
        ...policyRows('V at t = 0', V.part(0).values, policy.part(0), actionNames(mdp)),
      }),
    ...(await draw(request, { title, facts, figures, story }, io)),
  };
}

async function runComparison(
  env: string,
  mdp: TabularMdp,
  options: CompareOptions,
  request: DrawRequest,
  io: CommandIo,
) {
  const { answer, text, drawable } = compared(env, mdp, options);
  return { answer, text, ...(await draw(request, drawable, io)) };
}

function sizeOf(mdp: TabularMdp, horizon: number | null, compare: boolean): InferenceSize {
  const { stateCount, actionCount, transition } = mdp;
  const fields = ['--horizon', '--env-set'] as const;
  const read = 2 * transition.values.length;
  const ofComparison = comparisonSize({ stateCount, actionCount, horizon, fields, read });
  if (compare) return ofComparison;
  const steps = horizon ?? 1;
  const rows = steps * stateCount * actionCount;
  return {
    ...ofComparison,
    worked: 4 * rows,
    answered: rows + (steps + 1) * stateCount,
    arrays: steps * stateCount,
  };
}

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
