import { defineEnvironment, parseConfig, type TabularMdp } from '@maxent/core';
import { mdpFromOutcomes, TabularEnvironment } from '@maxent/envs';
import * as z from 'zod';

const options = z.object({
  cells: z.int().min(2).max(1_000_000).default(5).describe('number of cells; episodes start in the middle'),
  slip: z.number().min(0).max(1).default(0.1).describe('probability that a step goes the other way'),
});

export type CorridorOptions = z.output<typeof options>;

/**
 * A corridor without rewards. Action 0 steps left, action 1 right, and a step goes the other way with probability
 * `slip`; the ends stop steps. Throws InvalidInputError for options out of range.
 */
export function corridorMdp(given: z.input<typeof options> = {}): TabularMdp {
  const { cells, slip } = parseConfig(options, given, 'corridorMdp');
  const initial = new Float64Array(cells);
  initial[Math.floor(cells / 2)] = 1;
  const beside = (cell: number, action: number) =>
    Math.min(Math.max(cell + (action === 1 ? 1 : -1), 0), cells - 1);
  return mdpFromOutcomes({
    stateCount: cells,
    actionCount: 2,
    outcomes: (cell, action, emit) => {
      emit(1 - slip, beside(cell, action), 0);
      emit(slip, beside(cell, 1 - action), 0);
    },
    initial,
    terminal: new Uint8Array(cells),
  });
}

export const corridor = defineEnvironment({
  id: 'Corridor-v0',
  description: 'A corridor without rewards, to walk left or right in.',
  options,
  maxEpisodeSteps: 4,
  create: (given) => new TabularEnvironment(corridorMdp(given)),
});
