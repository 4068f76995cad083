import {
  defineTaskFamily,
  InvalidInputError,
  sampleBeta,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import * as z from 'zod';
import { TimeLimit } from '../wrappers/time-limit.js';
import { CoinEnvironment } from './coin-rewards.js';
import { drawTasks } from './draw-tasks.js';

const count = z.number().min(0.05).max(1e6);

const bernoulliBanditOptions = z.object({
  arms: z
    .array(z.strictObject({ alpha: count, beta: count }))
    .min(1)
    .max(1000)
    .default([
      { alpha: 1, beta: 1 },
      { alpha: 1, beta: 1 },
    ])
    .describe('The Beta distribution that the probability of each arm is drawn from.'),
  steps: z.int().positive().default(10).describe('Number of pulls in an episode.'),
});

/** The probability of each arm that it pays. */
export type BanditTask = { readonly probabilities: readonly number[] };

/** Draws each arm's probability from its Beta distribution. */
class BernoulliBanditFamily implements TaskFamily<BanditTask, number, number> {
  readonly id = 'BernoulliBandit';
  readonly maxEpisodeSteps: number;

  constructor(private readonly options: z.output<typeof bernoulliBanditOptions>) {
    this.maxEpisodeSteps = options.steps;
  }

  split(options: TaskSplitOptions): TaskSplit<BanditTask> {
    const { arms } = this.options;
    return drawTasks(options, (rng) => ({
      probabilities: arms.map(({ alpha, beta }) => sampleBeta(rng, alpha, beta)),
    }));
  }

  descriptor({ probabilities }: BanditTask): readonly number[] {
    return probabilities;
  }

  checkTask({ probabilities }: BanditTask, field: string): void {
    const bad = probabilities.findIndex((probability) => !(probability >= 0 && probability <= 1));
    if (bad === -1) return;
    throw new InvalidInputError(
      `${field} probabilities[${bad}]`,
      `expected a probability, got ${probabilities[bad]}`,
    );
  }

  create({ probabilities }: BanditTask) {
    const rewards = {
      cells: 1,
      actions: probabilities.length,
      start: 0,
      move: () => 0,
      probability: (_: number, arm: number) => probabilities[arm]!,
    };
    return new TimeLimit(new CoinEnvironment(rewards), this.maxEpisodeSteps);
  }
}

export const bernoulliBanditFamily = defineTaskFamily({
  id: 'BernoulliBandit',
  description: 'Pull arms that pay 1 with unknown probabilities; only rewards tell which is best.',
  options: bernoulliBanditOptions,
  create: (options) => new BernoulliBanditFamily(options),
});
