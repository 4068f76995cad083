import { sparseRowsOf, type TabularMdp } from '@maxent/core';
import { type ControlPosterior, inferControl } from '@maxent/pgm';
import { z } from 'zod';
import type { FiniteMdpAnswer, StationaryMdpAnswer } from '../commands/infer/answer.js';
import { closedObject } from '../input/check-input.js';
import { jsonNumberOrMinusInfinity } from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { nestMatrices, nestRows } from '../output/nest.js';
import { controlOptions } from './control-options.js';

const grid = closedObject({
  rows: z.int().positive(),
  columns: z.int().positive(),
  moves: z
    .array(z.tuple([z.int(), z.int()]))
    .exactOptional()
    .describe('row and column change of each action; four actions are left, down, right and up unless given'),
  tiles: z.string().exactOptional().describe('one character for each state, such as # for a wall'),
});

export const mdpModel = closedObject({
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
    .describe('"none" sums over actions, "uniform" averages, p(a | s), [S][A], weighs them'),
  grid: grid
    .exactOptional()
    .describe('how the states lie on a grid, row by row, for --plot and --html; nothing is computed from it'),
});

export type MdpModel = z.output<typeof mdpModel>;

/** Moves of four actions whose order is that of Gymnasium's FrozenLake: left, down, right, up. */
const FOUR_MOVES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

/** The process in flat arrays. Throws InvalidInputError for tables whose shapes do not fit. */
export function readMdp(model: MdpModel): TabularMdp {
  const { transition, reward, initial, terminal, grid } = model;
  const stateCount = transition.length;
  const actionCount = transition[0]!.length;
  const dense = readTable(transition, [stateCount, actionCount, stateCount], 'transition');
  return {
    stateCount,
    actionCount,
    transition: sparseRowsOf(dense, stateCount * actionCount, stateCount),
    reward: readTable(reward, [stateCount, actionCount], 'reward'),
    initial: readTable(initial, [stateCount], 'initial'),
    terminal: terminal === undefined ? new Uint8Array(stateCount) : Uint8Array.from(terminal, Number),
    ...(grid && { grid: { ...grid, moves: grid.moves ?? (actionCount === 4 ? FOUR_MOVES : []) } }),
  };
}

/** Backward and forward messages. Throws InvalidInputError. */
export function inferMdp(model: MdpModel, mdp: TabularMdp): ControlPosterior {
  const { actionPrior, kind, transition, reward, initial, terminal, grid, ...options } = model;
  const shape = [mdp.stateCount, mdp.actionCount];
  const prior = typeof actionPrior === 'string' ? actionPrior : readTable(actionPrior, shape, 'actionPrior');
  return inferControl(mdp, { ...options, actionPrior: prior });
}

/** The posterior as nested arrays. */
export function mdpAnswer(
  { stateCount, actionCount }: TabularMdp,
  { V, Q, policy, stateMarginals, evidence, fixedPoint }: ControlPosterior,
): FiniteMdpAnswer | StationaryMdpAnswer {
  if (fixedPoint !== undefined) {
    return {
      V: Array.from(V),
      Q: nestRows(Q, actionCount),
      policy: nestRows(policy, actionCount),
      stateMarginals: stateMarginals && Array.from(stateMarginals),
      logEvidence: null,
      elbo: null,
      kl: null,
      ...fixedPoint,
    };
  }
  return {
    V: nestRows(V, stateCount),
    Q: nestMatrices(Q, stateCount, actionCount),
    policy: nestMatrices(policy, stateCount, actionCount),
    stateMarginals: stateMarginals && nestRows(stateMarginals, stateCount),
    ...(evidence ?? { logEvidence: null, elbo: null, kl: null }),
  };
}
