import { isDeepStrictEqual } from 'node:util';
import { InvalidInputError } from '@maxent/core';
import { type Check, holds } from '../../checks.js';
import { assertComplete, type LearningRun, scoreOf } from '../../results/learning-run.js';
import { mean } from '../../statistics.js';
import { type WelchInterval, welchInterval } from '../../welch.js';

export interface SideScores {
  /** By seed, in ascending order. */
  readonly scores: readonly { readonly seed: number; readonly score: number }[];
  readonly mean: number;
}

export interface Verdict {
  readonly ours: SideScores;
  readonly theirs: SideScores;
  /** Our mean over theirs. */
  readonly ratio: number;
  /** 90 % interval of our mean minus theirs; of six seeds only. */
  readonly interval: WelchInterval | null;
  /** The ratio, and with six seeds the upper end of the interval. */
  readonly checks: readonly Check[];
  readonly passes: boolean;
}

/** Seeds that were fixed before any run: the first three, and three more if those do not pass. */
const FIRST_SEEDS = [1, 2, 3];
const ALL_SEEDS = [1, 2, 3, 4, 5, 6];

/**
 * Compares the scores of two sides. With seeds 1 to 3: passes when our mean is at least 80 % of theirs. With seeds 1
 * to 6: passes when it is at least 75 % and Welch's 90 % interval of the difference contains 0 or lies above it.
 *
 * Throws InvalidInputError for other seeds, for runs that are not complete, and for runs of different protocols.
 */
export function judge(ours: readonly LearningRun[], theirs: readonly LearningRun[]): Verdict {
  const seeds = seedsOf(ours);
  if (!isDeepStrictEqual(seedsOf(theirs), seeds)) {
    throw new InvalidInputError(
      'seeds',
      `expected the same on both sides, got ours ${seeds.join(', ')} and theirs ${seedsOf(theirs).join(', ')}`,
    );
  }
  if (![FIRST_SEEDS, ALL_SEEDS].some((allowed) => isDeepStrictEqual(allowed, seeds))) {
    throw new InvalidInputError(
      'seeds',
      `expected ${FIRST_SEEDS.join(', ')} or ${ALL_SEEDS.join(', ')}, got ${seeds.join(', ') || 'none'}`,
    );
  }
  assertComparable([...ours, ...theirs]);
  const [our, their] = [scoresOf(ours), scoresOf(theirs)];
  if (!(their.mean > 0)) {
    throw new InvalidInputError(
      'theirs',
      `a ratio means something to a positive mean only, got ${their.mean}`,
    );
  }
  const six = seeds.length === ALL_SEEDS.length;
  const interval = six ? welchInterval(valuesOf(our), valuesOf(their), 0.9) : null;
  const ratio = our.mean / their.mean;
  const checks: Check[] = [
    { name: 'our mean score over theirs', value: ratio, limit: six ? 0.75 : 0.8, must: 'be at least' },
    ...(interval === null
      ? []
      : [
          {
            name: "upper end of Welch's 90 % interval of our mean less theirs",
            ...{ value: interval.high, limit: 0, must: 'be at least' as const },
          },
        ]),
  ];
  return { ours: our, theirs: their, ratio, interval, checks, passes: checks.every(holds) };
}

function assertComparable(runs: readonly LearningRun[]): void {
  const [first] = runs as [LearningRun];
  for (const run of runs) {
    assertComplete(run);
    if (!isDeepStrictEqual(run.protocol, first.protocol)) {
      throw new InvalidInputError(
        run.directory,
        `expected ${JSON.stringify(first.protocol)} as in ${first.directory}, got ${JSON.stringify(run.protocol)}`,
      );
    }
  }
}

function scoresOf(runs: readonly LearningRun[]): SideScores {
  const scores = runs.map((run) => ({ seed: run.seed, score: scoreOf(run) })).sort((a, b) => a.seed - b.seed);
  return { scores, mean: mean(scores.map(({ score }) => score)) };
}

const valuesOf = ({ scores }: SideScores): number[] => scores.map(({ score }) => score);

const seedsOf = (runs: readonly LearningRun[]): number[] =>
  runs.map(({ seed }) => seed).sort((a, b) => a - b);
