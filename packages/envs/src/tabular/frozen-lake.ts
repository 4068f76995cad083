import { defineEnvironment, InvalidInputError, showValue, type TabularMdp } from '@maxent/core';
import * as z from 'zod';
import { neighbor } from './grid-moves.js';
import { mdpFromOutcomes } from './mdp-from-outcomes.js';
import { TabularEnvironment } from './tabular-environment.js';

const MAPS: Readonly<Record<string, string>> = {
  '4x4': 'SFFF/FHFH/FFFH/HFFG',
  '8x8': 'SFFFFFFF/FFFFFFFF/FFFHFFFF/FFFFFHFF/FFFHFFFF/FHHFFFHF/FHFFHFHF/FFFHFFFG',
};

/** The change in row and column of left, down, right and up; neighbors in this list are perpendicular. */
const MOVES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

const mapOption = z
  .string()
  .describe('"4x4", "8x8", or rows of S (start), F (frozen), H (hole), G (goal) separated by "/".');

const frozenLakeOptions = z.object({
  map: mapOption.default('4x4'),
  slippery: z.boolean().default(true).describe('Whether a move may slip to either side of its direction.'),
  successRate: z
    .number()
    .min(0)
    .max(1)
    .default(1 / 3)
    .describe('Probability of not slipping; the two sides share the rest.'),
  goalReward: z.number().default(1).describe('Reward for a move that reaches the goal.'),
  holeReward: z.number().default(0).describe('Reward for a move that ends in a hole.'),
  frozenReward: z.number().default(0).describe('Reward for any other move.'),
});

/**
 * Gymnasium's FrozenLake-v1 as an explicit process. State: row * columns + column. Actions: left, down, right, up;
 * a move off the map stays where it is. Holes and goals are terminal. Throws InvalidInputError for a malformed map.
 */
export function frozenLake(options: z.input<typeof frozenLakeOptions> = {}): TabularMdp {
  const { map, slippery, successRate, ...rewards } = frozenLakeOptions.parse(options);
  const rows = parseMap(map);
  const columns = rows[0]!.length;
  const tiles = [...rows.join('')];
  const stateCount = tiles.length;
  const terminal = Uint8Array.from(tiles, (tile) => (tile === 'H' || tile === 'G' ? 1 : 0));
  const starts = tiles.filter((tile) => tile === 'S').length;
  return mdpFromOutcomes({
    stateCount,
    actionCount: MOVES.length,
    outcomes: (state, action, emit) => {
      if (terminal[state] === 1) {
        emit(1, state, 0);
        return;
      }
      for (const { direction, probability } of directionsOf(action, slippery, successRate)) {
        const next = neighbor(state, MOVES[direction]!, rows.length, columns);
        emit(probability, next, rewardOf(tiles[next]!, rewards));
      }
    },
    initial: Float64Array.from(tiles, (tile) => (tile === 'S' ? 1 / starts : 0)),
    terminal,
    grid: { rows: rows.length, columns, moves: MOVES, tiles: rows.join('') },
  });
}

export const frozenLakeEnvironment = defineEnvironment({
  id: 'FrozenLake-v1',
  description: 'Cross a frozen lake to the goal without slipping into a hole.',
  options: frozenLakeOptions,
  maxEpisodeSteps: 100,
  create: (options) => new TabularEnvironment(frozenLake(options)),
});

export const frozenLake8x8Environment = defineEnvironment({
  id: 'FrozenLake8x8-v1',
  description: 'Cross a larger frozen lake to the goal without slipping into a hole.',
  options: frozenLakeOptions.extend({ map: mapOption.default('8x8') }),
  maxEpisodeSteps: 200,
  create: (options) => new TabularEnvironment(frozenLake(options)),
});

function parseMap(map: string): string[] {
  const rows = (MAPS[map] ?? map).split('/');
  if (!rows.every((row) => /^[SFHG]+$/.test(row) && row.length === rows[0]!.length)) {
    throw new InvalidInputError(
      'map',
      `expected ${Object.keys(MAPS).join(', ')} or equally long rows of S, F, H and G separated by "/", got ${showValue(map)}`,
    );
  }
  if (!map.includes('S') && MAPS[map] === undefined) {
    throw new InvalidInputError('map', `expected at least one start S, got ${showValue(map)}`);
  }
  return rows;
}

function directionsOf(action: number, slippery: boolean, successRate: number) {
  if (!slippery) return [{ direction: action, probability: 1 }];
  const side = (1 - successRate) / 2;
  return [
    { direction: (action + 3) % 4, probability: side },
    { direction: action, probability: successRate },
    { direction: (action + 1) % 4, probability: side },
  ];
}

function rewardOf(
  tile: string,
  rewards: { readonly goalReward: number; readonly holeReward: number; readonly frozenReward: number },
): number {
  if (tile === 'G') return rewards.goalReward;
  return tile === 'H' ? rewards.holeReward : rewards.frozenReward;
}
