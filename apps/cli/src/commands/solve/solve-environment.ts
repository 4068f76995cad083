import {
  createEnvironment,
  type Environment,
  type EnvironmentDefinition,
  InvalidInputError,
  parseConfig,
  type Registry,
  type TabularMdp,
} from '@maxent/core';
import { type ControlOptions, discountedOccupancy, type FixedPointOptions, solveTabular } from '@maxent/pgm';
import { formatNumber } from '@maxent/training/report';
import { readSettings } from '../../arguments/settings.js';
import { innermost } from '../../environments/innermost.js';
import { draw } from '../../figures/draw.js';
import type { DrawRequest } from '../../figures/draw-options.js';
import { requireInferenceMemory } from '../../models/inference-memory.js';
import { mdpFigures } from '../../models/mdp-figures.js';
import { solveSummary } from '../../models/summary.js';
import { formatCounted } from '../../output/format-number.js';
import { nestRows } from '../../output/nest.js';
import type { CommandContext } from '../command.js';
import type { SolveAnswer } from './answer.js';

export interface SolveRequest extends ControlOptions, FixedPointOptions, DrawRequest {
  readonly env: string;
  readonly envSet: readonly string[];
}

/** The infinite-horizon solution of a tabular environment. Throws InvalidInputError and UnknownNameError. */
export async function solveEnvironment(
  { env, envSet, plot, html, ...options }: SolveRequest,
  { io, plugins }: CommandContext,
): Promise<{ answer: SolveAnswer; drawing?: string }> {
  const { registry } = await plugins();
  const definition = registry.environment(env);
  const settings = readSettings(envSet, definition.options, 'environment', '--env-set');
  const mdp = await mdpOf(definition, parseConfig(definition.options, settings, 'environment'));
  if (mdp === undefined) {
    const others = (await tabularIds(registry)).join(', ');
    throw new InvalidInputError('ENV', `${env} is no table of states and actions; those that are: ${others}`);
  }
  const { stateCount, actionCount, transition } = mdp;
  requireInferenceMemory({
    field: '--env-set',
    what: `${formatCounted(stateCount, 'state')} and ${formatCounted(actionCount, 'action')}`,
    read: 2 * transition.values.length,
    worked: 4 * stateCount * actionCount,
    answered: stateCount * (actionCount + 1),
    arrays: stateCount,
  });
  const { startValue, iterations, residual, V, policy } = solveTabular(mdp, options);
  const answer = {
    startValue,
    iterations,
    residual,
    V: Array.from(V),
    policy: nestRows(policy, actionCount),
    ...entropyNote(options, actionCount),
  };
  if (!plot && html === undefined) return { answer };
  const stateMarginals = discountedOccupancy(mdp, { V, policy }, options);
  const figures = mdpFigures(mdp, { V, policy, stateMarginals }, null);
  const title = `${env}, ${options.inference}`;
  return {
    answer,
    ...(await draw({ plot, html }, { title, facts: solveSummary(answer).facts, figures }, io)),
  };
}

/** Where the sum over actions counts entropy as reward, lingering may be worth more than arriving. */
function entropyNote(
  { inference, actionPrior, temperature = 1 }: ControlOptions,
  actionCount: number,
): Pick<SolveAnswer, 'note'> {
  if (inference === 'hard' || actionPrior !== 'none' || actionCount === 1) return {};
  const most = formatNumber(temperature * Math.log(actionCount));
  return {
    note:
      `every step earns up to ${most} of entropy (temperature times log ${actionCount}), so that a longer way can be ` +
      'worth more than the goal; --action-prior uniform leaves that out',
  };
}

async function mdpOf(
  definition: EnvironmentDefinition,
  options: Record<string, unknown>,
): Promise<TabularMdp | undefined> {
  const environment = await createEnvironment(definition, options);
  try {
    const inner: Environment & { readonly mdp?: TabularMdp } = innermost(environment);
    return inner.mdp;
  } finally {
    environment.close();
  }
}

/** The tabular ones among the environments, which are all made to see. */
async function tabularIds({ plugins }: Registry): Promise<string[]> {
  const ids: string[] = [];
  for (const definition of plugins.flatMap(({ environments = [] }) => environments)) {
    const mdp = await mdpOf(definition, parseConfig(definition.options, {})).catch(() => undefined);
    if (mdp !== undefined) ids.push(definition.id);
  }
  return ids;
}
