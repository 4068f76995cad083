import { defineEnvironment, type Rng, type TabularMdp } from '@maxent/core';
import * as z from 'zod';
import type { Outcome } from '../state-vector-environment.js';
import { type Move, neighbor } from './grid-moves.js';
import { mdpFromOutcomes } from './mdp-from-outcomes.js';
import { TabularEnvironment } from './tabular-environment.js';

const ROWS = 4;
const COLUMNS = 12;
const START = 36;
const GOAL = 47;
const STEP_REWARD = -1;
const CLIFF_REWARD = -100;

/** The change in row and column of up, right, down and left; neighbors in this list are perpendicular. */
const MOVES: readonly Move[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

const slipperyOption = z
  .boolean()
  .describe('Whether a move goes where it aims or to either side, with probability 1/3 each.');
const cliffWalkingOptions = z.object({ slippery: slipperyOption.default(false) });

/**
 * Gymnasium's CliffWalking-v1 (Sutton and Barto, example 6.6) as an explicit process. State: row * 12 + column, start
 * 36, goal 47. Actions: up, right, down, left; a move off the map stays where it is. Every step costs 1; a step over
 * the cliff, cells 37 to 46, costs 100 and leads back to the start without ending the episode. If a slippery step
 * can end on the start both by the edge of the map and by the cliff, its entry pays the mean of the two rewards.
 */
export function cliffWalking(options: z.input<typeof cliffWalkingOptions> = {}): TabularMdp {
  const { slippery } = cliffWalkingOptions.parse(options);
  const initial = new Float64Array(ROWS * COLUMNS);
  initial[START] = 1;
  const terminal = new Uint8Array(ROWS * COLUMNS);
  terminal[GOAL] = 1;
  return mdpFromOutcomes({
    stateCount: ROWS * COLUMNS,
    actionCount: MOVES.length,
    outcomes: (state, action, emit) => {
      const directions = slippery ? [(action + 3) % 4, action, (action + 1) % 4] : [action];
      for (const direction of directions) {
        const cell = neighbor(state, MOVES[direction]!, ROWS, COLUMNS);
        if (isCliff(cell)) emit(1 / directions.length, START, CLIFF_REWARD);
        else emit(1 / directions.length, cell, STEP_REWARD);
      }
    },
    initial,
    terminal,
    grid: {
      rows: ROWS,
      columns: COLUMNS,
      moves: MOVES,
      tiles: Array.from({ length: ROWS * COLUMNS }, (_, state) => tileOf(state)).join(''),
    },
  });
}

/**
 * Episodes of CliffWalking. Where the table holds the mean of two rewards, a step pays one of them, as in Gymnasium.
 */
class CliffWalking extends TabularEnvironment {
  protected override advance(action: number, rng: Rng): Outcome {
    const outcome = super.advance(action, rng);
    const fallProbability = (STEP_REWARD - outcome.reward) / (STEP_REWARD - CLIFF_REWARD);
    if (fallProbability === 0 || fallProbability === 1) return outcome;
    return { ...outcome, reward: rng.uniform() < fallProbability ? CLIFF_REWARD : STEP_REWARD };
  }
}

export const cliffWalkingEnvironment = defineEnvironment({
  id: 'CliffWalking-v1',
  description: 'Walk along a cliff to the goal; the shortest way is the most dangerous one.',
  options: cliffWalkingOptions,
  maxEpisodeSteps: null,
  create: (options) => new CliffWalking(cliffWalking(options)),
});

export const cliffWalkingSlipperyEnvironment = defineEnvironment({
  id: 'CliffWalkingSlippery-v1',
  description: 'Walk along a cliff on slippery ground.',
  options: z.object({ slippery: slipperyOption.default(true) }),
  maxEpisodeSteps: null,
  create: (options) => new CliffWalking(cliffWalking(options)),
});

function isCliff(cell: number): boolean {
  return cell > START && cell < GOAL;
}

/** The character that Gymnasium prints: o ground, x start, C cliff, T goal. */
function tileOf(state: number): string {
  if (state === START) return 'x';
  if (state === GOAL) return 'T';
  return isCliff(state) ? 'C' : 'o';
}
