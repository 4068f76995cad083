import { requireActionNames, sparseRowsOf, type TabularMdp } from '@maxent/core';
import { type ControlPosterior, inferControl } from '@maxent/pgm';
import * as z from 'zod';
import type { Figure } from '../figures/figure.js';
import { closedObject } from '../input/check-input.js';
import {
  jsonMatrices,
  jsonMatrix,
  jsonNumber,
  jsonNumberOrMinusInfinity,
  jsonVector,
} from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { formatCounted } from '../output/format-number.js';
import { NestedArray } from '../output/nested-array.js';
import { type Summary, shownNumber } from '../output/summary.js';
import { type Compared, compared } from './compare/compared.js';
import { comparisonSize } from './compare/comparison-size.js';
import { controlFigures } from './control-figures.js';
import { controlOptions } from './control-options.js';
import { controlStory } from './control-story.js';
import { fixedPointFacts, policyRows } from './control-summary.js';
import type { InferenceSize } from './inference-memory.js';
import { defineModelKind } from './model-kind.js';
import { actionNames } from './names.js';

const grid = closedObject({
  rows: z.int().positive(),
  columns: z.int().positive(),
  moves: z
    .array(z.tuple([z.int(), z.int()]))
    .exactOptional()
    .describe('row and column change of each action [default with four actions: left, down, right, up]'),
  tiles: z.string().exactOptional().describe('one character for each state, such as # for a wall'),
});

const schema = closedObject({
  kind: z.literal('mdp'),
  transition: z
    .array(z.array(z.array(z.number())).min(1))
    .min(1)
    .describe("p(s' | s, a), [S][A][S]"),
  reward: z
    .array(z.array(jsonNumberOrMinusInfinity))
    .describe('r(s, a), [S][A]; "-Infinity" forbids an action'),
  initial: z.array(z.number()).describe('p(s_0), [S]'),
  terminal: z
    .array(z.boolean())
    .exactOptional()
    .describe('states that end the episode, [S]: V = 0 and no entropy from there'),
  horizon: z.int().positive().nullable().describe('number of decisions T; null for the infinite horizon'),
  ...controlOptions,
  actionPrior: z
    .union([z.enum(['none', 'uniform']), z.array(z.array(z.number()))], {
      error: 'expected "none", "uniform" or an array of [S][A]',
    })
    .default('none')
    .describe('"none" sums over actions, "uniform" averages them, p(a | s), [S][A], weighs them'),
  actions: z
    .array(z.string())
    .exactOptional()
    .describe('a name for each action, [A], which people see instead of its number'),
  grid: grid
    .exactOptional()
    .describe(
      'layout of the states on a grid, row by row, for --plot and --html; it does not affect the answer',
    ),
});

type MdpModel = z.output<typeof schema>;

const actions = z.array(z.string()).exactOptional().describe('names of the actions, [A], as in the model');

const finiteAnswer = z
  .object({
    V: jsonMatrix.describe('[T+1][S]'),
    Q: jsonMatrices.describe('[T][S][A]'),
    policy: jsonMatrices.describe('[T][S][A]'),
    stateMarginals: jsonMatrix
      .nullable()
      .describe(
        'p(s_t), [T][S], under the posterior start and dynamics for exact, under the true ones otherwise',
      ),
    logEvidence: jsonNumber.nullable().describe('nats; null for hard and for a discount below 1'),
    elbo: jsonNumber
      .nullable()
      .describe('lower bound of logEvidence given by the variational policy, in nats'),
    kl: jsonNumber.nullable().describe('logEvidence - elbo'),
    actions,
  })
  .describe('mdp with a horizon');

const stationaryAnswer = z
  .object({
    V: jsonVector.describe('[S]'),
    Q: jsonMatrix.describe('[S][A]'),
    policy: jsonMatrix.describe('[S][A]'),
    stateMarginals: jsonVector
      .nullable()
      .describe('normalized discounted occupancy, [S]; null at discount 1'),
    logEvidence: z.null(),
    elbo: z.null(),
    kl: z.null(),
    iterations: z.int(),
    residual: jsonNumber.describe('largest change in V after one more sweep'),
    actions,
  })
  .describe('mdp without a horizon');

/** Backward and forward messages. */
function infer(model: MdpModel) {
  const { mdp, inference, discountAs, ...options } = readProblem(model);
  const { stateCount, actionCount, actionNames: actions } = mdp;
  const posterior = inferControl(mdp, { ...options, inference, ...(discountAs && { discountAs }) });
  const named = actions && { actions: [...actions] };
  return posterior.fixedPoint === undefined
    ? { ...finite(posterior, stateCount, actionCount), ...named }
    : { ...stationary(posterior, posterior.fixedPoint, actionCount), ...named };
}

/** All three inferences, whichever the model names. */
function compare(title: string, model: MdpModel): Compared {
  const { mdp, inference, discountAs, ...options } = readProblem(model);
  return compared(title, mdp, options);
}

/** The process, and the options of inference. */
function readProblem(model: MdpModel) {
  const { actionPrior, kind, transition, reward, initial, terminal, grid, actions, ...options } = model;
  const mdp = readMdp(model);
  const prior =
    typeof actionPrior === 'string'
      ? actionPrior
      : readTable(actionPrior, [mdp.stateCount, mdp.actionCount], 'actionPrior');
  return { ...options, mdp, actionPrior: prior };
}

type MdpPosterior = ReturnType<typeof infer>;

/** Moves of four actions in the order of Gymnasium's FrozenLake: left, down, right, up. */
const FOUR_MOVES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

/** The states, and their layout if they form a grid. */
function readStates({ transition, terminal, grid, actions }: MdpModel) {
  const stateCount = transition.length;
  const actionCount = transition[0]!.length;
  if (actions !== undefined) requireActionNames('actions', actions, actionCount);
  return {
    stateCount,
    actionCount,
    terminal: terminal === undefined ? new Uint8Array(stateCount) : Uint8Array.from(terminal, Number),
    ...(actions && { actionNames: actions }),
    ...(grid && { grid: { ...grid, moves: grid.moves ?? (actionCount === 4 ? FOUR_MOVES : []) } }),
  };
}

/** The process in flat arrays. */
function readMdp(model: MdpModel): TabularMdp {
  const states = readStates(model);
  const { stateCount, actionCount } = states;
  const dense = readTable(model.transition, [stateCount, actionCount, stateCount], 'transition');
  return {
    ...states,
    transition: sparseRowsOf(dense, stateCount * actionCount, stateCount),
    reward: readTable(model.reward, [stateCount, actionCount], 'reward'),
    initial: readTable(model.initial, [stateCount], 'initial'),
  };
}

function finite(
  { V, Q, policy, stateMarginals, evidence }: ControlPosterior,
  stateCount: number,
  actionCount: number,
) {
  return {
    V: NestedArray.rows(V, stateCount),
    Q: NestedArray.matrices(Q, stateCount, actionCount),
    policy: NestedArray.matrices(policy, stateCount, actionCount),
    stateMarginals: stateMarginals && NestedArray.rows(stateMarginals, stateCount),
    ...(evidence ?? { logEvidence: null, elbo: null, kl: null }),
  };
}

function stationary(
  { V, Q, policy, stateMarginals }: ControlPosterior,
  fixedPoint: NonNullable<ControlPosterior['fixedPoint']>,
  actionCount: number,
) {
  return {
    V,
    Q: NestedArray.rows(Q, actionCount),
    policy: NestedArray.rows(policy, actionCount),
    stateMarginals,
    logEvidence: null,
    elbo: null,
    kl: null,
    ...fixedPoint,
  };
}

/** Answers V [T+1][S], Q and policy [T][S][A], and marginals [T][S]; without a horizon, once each. */
function size({ transition, horizon }: MdpModel): InferenceSize {
  const states = transition.length;
  const actions = transition[0]!.length;
  const steps = horizon ?? 1;
  const answered = (steps + 1) * states + 2 * steps * states * actions + steps * states;
  const sizes = `${formatCounted(states, 'state')} and ${formatCounted(actions, 'action')}`;
  return {
    field: horizon === null ? 'transition' : 'horizon',
    what: horizon === null ? sizes : `${formatCounted(steps, 'step')} of ${sizes}`,
    read: states ** 2 * actions + 2 * states * actions + states,
    worked: answered + 2 * states ** 2 * actions,
    answered,
    arrays: steps * (2 * states + 4),
  };
}

/** The same for a comparison. */
function sizeOfComparison({ transition, horizon }: MdpModel): InferenceSize {
  const [stateCount, actionCount] = [transition.length, transition[0]!.length];
  const read = stateCount ** 2 * actionCount + 2 * stateCount * actionCount + stateCount;
  return comparisonSize({ stateCount, actionCount, horizon, fields: ['horizon', 'transition'], read });
}

function summary(posterior: MdpPosterior, model: MdpModel): Summary {
  const names = actionNames(readStates(model));
  if ('iterations' in posterior) {
    return { facts: fixedPointFacts(posterior), ...policyRows('V', posterior.V, posterior.policy, names) };
  }
  const { V, policy, logEvidence, elbo, kl } = posterior;
  const nats = (name: string, value: number | null) =>
    value === null ? [] : [[name, `${shownNumber(value)} nats`] as const];
  return {
    facts: [
      ['decisions', String(policy.shape[0])],
      ...nats('log evidence', logEvidence),
      ...nats('variational bound', elbo),
      ...nats('their difference', kl),
    ],
    ...policyRows('V at t = 0', V.part(0).values, policy.part(0), names),
  };
}

function figures({ V, policy, stateMarginals }: MdpPosterior, model: MdpModel): Figure[] {
  const drawn = {
    V: flat(V),
    policy: policy.values,
    stateMarginals: stateMarginals && flat(stateMarginals),
  };
  return controlFigures(readStates(model), drawn, model.horizon);
}

function flat(array: Float64Array | NestedArray): Float64Array {
  return array instanceof NestedArray ? array.values : array;
}

/** Markov decision processes, with control as inference. */
export const mdp = defineModelKind({
  kind: 'mdp',
  title: 'Markov decision process, control as inference',
  schema,
  answer: [finiteAnswer, stationaryAnswer],
  size,
  infer,
  summary,
  figures,
  story: (_, { inference }, figures) => controlStory([inference], figures),
  comparison: { size: sizeOfComparison, compare },
});
