import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { lineChartSvg } from '@maxent/training/report';
import type { Check } from '../../checks.js';
import { missingSeeds, readSeeds, type SeedCurve } from '../../results/stored-seeds.js';
import { median } from '../../statistics.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment } from '../experiment.js';
import {
  assertProtocol,
  byEpisode,
  FAMILIES,
  type Runs,
  scores,
  VARIANTS,
  type Variant,
} from './families.js';

const SEEDS = [1, 2, 3];

/** PEARL between the oracle, which is told the task, and the task-blind agent. */
export const pearlCurves: RunExperiment = {
  description: 'PEARL between the oracle and the task-blind agent',
  claim:
    "On held-out goals of PointRobot the adapted episode gets at least 80 % of the way from the blind agent's return to the oracle's, in the mean over seeds; on SparsePointRobot it succeeds on at least 70 % of held-out goals and 3 times as often as the blind agent; on HalfCheetah-Dir it gets at least half way with 2 of 3 seeds.",
  directory: 'pearl',
  judge: judgeFamilies,
};

/** Reads `<family>/<variant>/seed*` below `directory`, finished runs of the planned seeds only. */
export async function judgeFamilies(directory: string): Promise<Conclusion> {
  const table: { family: string; variant: string; seed: number; score: number }[] = [];
  const checks: Check[] = [];
  const pictures: Record<string, string> = {};
  const missing: string[] = [];
  const trainingTimes: string[] = [];
  for (const [name, family] of Object.entries(FAMILIES)) {
    const { definition, remark, needs, judge } = family;
    const title = remark === undefined ? definition.id : `${definition.id}, ${remark}`;
    const runs: Partial<Record<Variant, readonly SeedCurve[]>> = {};
    for (const variant of Object.keys(VARIANTS) as Variant[]) {
      const seeds = (await readSeeds(join(directory, name, variant))).filter(({ seed }) =>
        SEEDS.includes(seed),
      );
      if (seeds.length === 0) continue;
      for (const seed of seeds) assertProtocol(seed, family, variant);
      runs[variant] = seeds;
      const { label } = VARIANTS[variant];
      const runScores = scores(seeds);
      table.push(
        ...seeds.map(({ seed }, i) => ({ family: title, variant: label, seed, score: runScores[i]! })),
      );
      const minutes = seeds.map(({ runs: [run] }) => run!.trainingSeconds / 60);
      trainingTimes.push(`${title}, ${label}: ${median(minutes).toFixed(1)} minutes`);
    }
    const lacking = needs.flatMap((variant) =>
      missingSeeds(`${name}/${variant}`, SEEDS, runs[variant] ?? []),
    );
    missing.push(...lacking);
    if (lacking.length === 0 && needs.length > 0) checks.push(...judge(runs));
    if (Object.keys(runs).length === 0) continue;
    for (const [picture, svg] of Object.entries(draw(title, runs))) pictures[`${name}/${picture}`] = svg;
  }
  if (table.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  return {
    table,
    checks,
    pictures,
    missing,
    notes: [
      'score of a seed: mean of its last three evaluations, each the mean over test tasks of the return of the last episode',
      'HalfCheetah-Dir has two tasks, which are train and test tasks: what is measured there is adaptation',
      ...trainingTimes.map((time) => `training time of a seed, median: ${time}`),
    ],
  };
}

function draw(title: string, runs: Runs): Record<string, string> {
  const entries = Object.entries(runs) as [Variant, readonly SeedCurve[]][];
  const chart = (of: 'returns' | 'successes', name: string) =>
    lineChartSvg({
      title: `${name} by episode in a test task, ${title}`,
      xLabel: 'episode',
      series: entries.map(([variant, seeds]) => ({
        label: VARIANTS[variant].label,
        points: byEpisode(seeds, of).map((y, i) => ({ x: i + 1, y })),
      })),
      width: 720,
      height: 340,
    });
  const curves = entries.map(([variant, seeds]) => ({
    label: `${VARIANTS[variant].label} (${seeds.length})`,
    runs: seeds.map(({ evaluations }) => evaluations),
  }));
  const succeeds = entries.some(([, seeds]) => byEpisode(seeds, 'successes').length > 0);
  return {
    'learning-curves': learningCurvesSvg(`Return of the adapted episode, ${title}`, curves),
    'adaptation-curves': chart('returns', 'Return'),
    ...(succeeds && { 'success-curves': chart('successes', 'Success') }),
  };
}
