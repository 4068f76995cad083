import {
  defineTaskFamily,
  InvalidInputError,
  type TabularMdp,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import * as z from 'zod';
import { TimeLimit } from '../wrappers/time-limit.js';
import { CoinEnvironment, type CoinRewards, coinRewardMdp } from './coin-rewards.js';
import { drawTasks } from './draw-tasks.js';

const probability = z.number().min(0).max(1);

const noisyLineOptions = z.object({
  cells: z.int().min(2).max(1_000_000).default(5).describe('Number of cells; episodes start in the middle.'),
  goalProbability: probability.default(0.8).describe('Probability of a reward of 1 on the goal.'),
  otherProbability: probability.default(0.1).describe('Probability of a reward of 1 on any other cell.'),
  leftProbability: probability.default(0.5).describe('Probability that the goal is at the left end.'),
  steps: z.int().positive().default(8).describe('Number of steps in an episode.'),
});

type NoisyLineOptions = z.output<typeof noisyLineOptions>;

/** The goal's cell: 0 or the last one. */
export type NoisyLineTask = { readonly goal: number };

/**
 * The tasks of the family `NoisyLine`, left goal first, and their probabilities, for exact solvers. Each state is a
 * cell and whether the last step paid. Throws a ZodError for options out of range.
 */
export function noisyLine(options: z.input<typeof noisyLineOptions> = {}): {
  readonly tasks: readonly TabularMdp[];
  readonly prior: Float64Array;
} {
  const parsed = noisyLineOptions.parse(options);
  return {
    tasks: [0, parsed.cells - 1].map((goal) => coinRewardMdp(rewardsOf(parsed, goal))),
    prior: Float64Array.of(parsed.leftProbability, 1 - parsed.leftProbability),
  };
}

/** Actions are left, stay and right; the ends stop moves. A step pays by the cell that it ends on. */
function rewardsOf(
  { cells, goalProbability, otherProbability }: NoisyLineOptions,
  goal: number,
): CoinRewards {
  return {
    cells,
    actions: 3,
    start: Math.floor(cells / 2),
    move: (cell, action) => Math.min(Math.max(cell + action - 1, 0), cells - 1),
    probability: (next) => (next === goal ? goalProbability : otherProbability),
  };
}

class NoisyLineFamily implements TaskFamily<NoisyLineTask, number, number> {
  readonly id = 'NoisyLine';
  readonly maxEpisodeSteps: number;

  constructor(private readonly options: NoisyLineOptions) {
    this.maxEpisodeSteps = options.steps;
  }

  split(options: TaskSplitOptions): TaskSplit<NoisyLineTask> {
    const { cells, leftProbability } = this.options;
    return drawTasks(options, (rng) => ({ goal: rng.uniform() < leftProbability ? 0 : cells - 1 }));
  }

  /** Returns -1 for the left end and 1 for the right one. */
  descriptor({ goal }: NoisyLineTask): readonly number[] {
    return [goal === 0 ? -1 : 1];
  }

  checkTask({ goal }: NoisyLineTask, field: string): void {
    const last = this.options.cells - 1;
    if (goal === 0 || goal === last) return;
    throw new InvalidInputError(`${field} goal`, `expected an end of the line, 0 or ${last}, got ${goal}`);
  }

  create({ goal }: NoisyLineTask) {
    return new TimeLimit(new CoinEnvironment(rewardsOf(this.options, goal)), this.maxEpisodeSteps);
  }
}

export const noisyLineFamily = defineTaskFamily({
  id: 'NoisyLine',
  description: 'Find out at which end of a line rewards are frequent.',
  options: noisyLineOptions,
  create: (options) => new NoisyLineFamily(options),
});
