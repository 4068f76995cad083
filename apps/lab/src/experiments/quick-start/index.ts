import { InvalidInputError } from '@maxent/core';
import { missingSeeds, readSeeds } from '../../results/stored-seeds.js';
import { assertSame } from '../../results/stored-settings.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment } from '../experiment.js';

const SEEDS = [1, 2, 3, 4, 5];
const REQUIRED_SEEDS = 4;
const WITHIN_STEPS = 30_000;
const ENVIRONMENT = 'InvertedPendulum-v5';
const RETURN_AT_LEAST = 950;

/** `maxent quick-start`: soft actor-critic balances a pendulum within minutes. */
export const quickStart: RunExperiment = {
  description: 'The quick start learns to balance a pendulum',
  claim: `Two evaluations in a row, of 10 deterministic episodes each, have a mean return of at least ${RETURN_AT_LEAST} within ${WITHIN_STEPS} steps, with at least ${REQUIRED_SEEDS} of seeds ${SEEDS.join(', ')}.`,
  directory: 'quick-start',
  judge: judgeQuickStarts,
};

/** Reads `seed*` below `directory`. A run that ended without success has finished too, and counts as a failure. */
export async function judgeQuickStarts(directory: string): Promise<Conclusion> {
  const seeds = (await readSeeds(directory)).filter(({ seed }) => SEEDS.includes(seed));
  if (seeds.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  const table = seeds.map(({ seed, runs: [run], evaluations }) => {
    const { config, directory: place } = run!;
    assertSame(place, 'environment', config.environment.id, ENVIRONMENT);
    assertSame(place, 'evaluation.episodes', config.evaluation.episodes, 10);
    const solvedAt = solved(evaluations);
    return { seed, 'solved after': solvedAt ?? 'never', 'last return': evaluations.at(-1)!.returnMean };
  });
  const inTime = table.filter((row) => Number(row['solved after']) <= WITHIN_STEPS).length;
  return {
    table,
    checks: [{ name: 'seeds that succeed', value: inTime, limit: REQUIRED_SEEDS, must: 'be at least' }],
    pictures: {
      'learning-curves': learningCurvesSvg(`Quick start: SAC on ${ENVIRONMENT}`, [
        { label: `seeds ${SEEDS.join(', ')}`, runs: seeds.map(({ evaluations }) => evaluations) },
      ]),
    },
    missing: missingSeeds('.', SEEDS, seeds),
  };
}

/** The step of the second of two evaluations in a row that reach the return; undefined where there are none. */
export function solved(
  evaluations: readonly { readonly step: number; readonly returnMean: number }[],
): number | undefined {
  return evaluations.find(
    (evaluation, i) =>
      i > 0 && [evaluations[i - 1]!, evaluation].every(({ returnMean }) => returnMean >= RETURN_AT_LEAST),
  )?.step;
}
