import { defineEnvironment, InvalidInputError, showValue, type TabularMdp } from '@maxent/core';
import * as z from 'zod';
import { type Move, neighbor } from './grid-moves.js';
import { mdpFromOutcomes } from './mdp-from-outcomes.js';
import { TabularEnvironment } from './tabular-environment.js';

const WALL = '#';
const START = 'S';
const FLOOR = '.';

/** The change in row and column of up, right, down and left; neighbors in this list are perpendicular. */
const MOVES: readonly Move[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

const gridWorldOptions = z.object({
  map: z
    .string()
    .default('...G/.#.L/S...')
    .describe(
      'Equally long rows, separated by "/" or line breaks: # wall, S start, . floor, and the characters of the legend.',
    ),
  legend: z
    .record(z.string(), z.strictObject({ reward: z.number(), terminal: z.boolean().default(true) }))
    .default({ G: { reward: 1, terminal: true }, L: { reward: -1, terminal: true } })
    .describe(
      'For each character, the reward for a step that ends on such a cell, and whether it ends the episode.',
    ),
  stepReward: z.number().default(-0.04).describe('Reward for every step, added to the reward in the legend.'),
  slip: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Probability that a move goes to a side instead, split evenly between the two sides.'),
});

/**
 * A gridworld drawn as a text map. State: row * columns + column. Actions: up, right, down, left; a move into a
 * wall or off the map stays where it is. Episodes start on any S with equal probability. A step pays `stepReward`
 * plus the legend's reward of the cell that it ends on. Walls are states too: terminal ones that nothing enters. With
 * a slip of 0.2, the default map is the 4 by 3 world of Russell and Norvig (chapter 17).
 *
 * Throws InvalidInputError for a map with uneven rows, unknown characters or no start, and for a legend whose keys
 * are not single characters other than #, S and full stop.
 */
export function gridWorld(options: z.input<typeof gridWorldOptions> = {}): TabularMdp {
  const { map, legend, stepReward, slip } = gridWorldOptions.parse(options);
  const rows = parseMap(map, legend);
  const columns = rows[0]!.length;
  const tiles = rows.join('');
  const stateCount = tiles.length;

  const initial = new Float64Array(stateCount);
  const terminal = new Uint8Array(stateCount);
  const wall = new Uint8Array(stateCount);
  const arrivalReward = new Float64Array(stateCount);
  let starts = 0;
  for (let state = 0; state < stateCount; state++) {
    const tile = tiles[state]!;
    const special = legend[tile];
    if (tile === START) initial[state] = ++starts;
    if (tile === WALL) wall[state] = 1;
    if (tile === WALL || special?.terminal === true) terminal[state] = 1;
    arrivalReward[state] = stepReward + (special?.reward ?? 0);
  }
  for (let state = 0; state < stateCount; state++) if (initial[state] !== 0) initial[state] = 1 / starts;

  const arrive = (state: number, direction: number): number => {
    const next = neighbor(state, MOVES[direction]!, rows.length, columns);
    return wall[next] === 1 ? state : next;
  };
  return mdpFromOutcomes({
    stateCount,
    actionCount: MOVES.length,
    outcomes: (state, action, emit) => {
      if (terminal[state] === 1) {
        emit(1, state, 0);
        return;
      }
      const left = arrive(state, (action + 3) % 4);
      const aim = arrive(state, action);
      const right = arrive(state, (action + 1) % 4);
      emit(slip / 2, left, arrivalReward[left]!);
      emit(1 - slip, aim, arrivalReward[aim]!);
      emit(slip / 2, right, arrivalReward[right]!);
    },
    initial,
    terminal,
    grid: { rows: rows.length, columns, moves: MOVES, tiles },
  });
}

export const gridWorldEnvironment = defineEnvironment({
  id: 'GridWorld-v0',
  description: 'Find the goal in a gridworld drawn as a text map.',
  options: gridWorldOptions,
  maxEpisodeSteps: null,
  create: (options) => new TabularEnvironment(gridWorld(options)),
});

function parseMap(map: string, legend: Readonly<Record<string, unknown>>): string[] {
  const reserved = [WALL, START, FLOOR];
  for (const tile of Object.keys(legend)) {
    if (tile.length !== 1 || /\s|\//.test(tile) || reserved.includes(tile)) {
      throw new InvalidInputError(
        'legend',
        `expected single characters other than ${reserved.join(' ')} and /, got ${showValue(tile)}`,
      );
    }
  }
  const rows = map
    .trim()
    .split(/[/\n]/)
    .map((row) => row.trim());
  const known = new Set([...reserved, ...Object.keys(legend)]);
  rows.forEach((row, i) => {
    if (row.length === 0 || row.length !== rows[0]!.length) {
      throw new InvalidInputError(
        `map[${i}]`,
        `expected rows of equal length, at least 1, got ${row.length} after a first row of ${rows[0]!.length}`,
      );
    }
    for (const tile of row) {
      if (!known.has(tile)) {
        throw new InvalidInputError(
          `map[${i}]`,
          `expected only ${[...known].join(' ')}, got "${tile}"; add it to the legend`,
        );
      }
    }
  });
  if (!rows.some((row) => row.includes(START))) {
    throw new InvalidInputError('map', 'expected at least one start S, got none');
  }
  return rows;
}
