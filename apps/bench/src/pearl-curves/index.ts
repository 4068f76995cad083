import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { writeLearningCurveSvg, writeOutputFile } from '@maxent/training/node';
import { lineChartSvg } from '@maxent/training/report';
import type { BenchAnswer, Benchmark, BenchRow } from '../benchmark.js';
import { broken, type Check } from '../checks.js';
import { describeMachine, describeVersions } from '../machine.js';
import { resultsDirectory } from '../results-directory.js';
import { median } from '../statistics.js';
import { missingSeeds, readSeeds, type SeedCurve } from '../stored-seeds.js';
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

export interface PearlCurvesAnswer extends BenchAnswer {
  readonly checks: readonly Check[];
  readonly pictures: readonly string[];
}

/** `maxent bench pearl-curves`: judges and draws the stored runs of PEARL; trains nothing. */
export const pearlCurves: Benchmark = {
  description: 'Judges the stored runs of PEARL between the oracle and the task-blind agent, and draws them',
  run: async () => judgeFamilies(resultsDirectory('pearl')),
};

/**
 * Reads `<family>/<variant>/seed*` below `directory`, finished runs of the planned seeds only, and writes pictures for each
 * family. Throws InvalidInputError for a run with other settings than the plan's.
 */
export async function judgeFamilies(directory: string): Promise<PearlCurvesAnswer> {
  const rows: BenchRow[] = [];
  const checks: Check[] = [];
  const pictures: string[] = [];
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
      const label = `${title}, ${VARIANTS[variant].label}`;
      const runScores = scores(seeds);
      rows.push({ label, median: median(runScores), unit: 'return', runs: runScores });
      const minutes = seeds.map(({ runs: [run] }) => run!.trainingSeconds / 60);
      trainingTimes.push(`${label}: ${median(minutes).toFixed(1)} minutes`);
    }
    const lacking = needs.flatMap((variant) =>
      missingSeeds(`${name}/${variant}`, SEEDS, runs[variant] ?? []),
    );
    missing.push(...lacking);
    if (lacking.length === 0 && needs.length > 0) checks.push(...judge(runs));
    if (Object.keys(runs).length > 0) pictures.push(...(await draw(join(directory, name), title, runs)));
  }
  if (rows.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  return {
    name: 'pearl-curves',
    machine: describeMachine('none'),
    versions: describeVersions(),
    rows,
    ratios: {},
    checks,
    failures: broken(checks),
    pictures,
    notes: [
      'score of a seed: mean of its last three evaluations, each the mean over test tasks of the return of the last episode',
      'HalfCheetah-Dir has two tasks, which are train and test tasks: what is measured there is adaptation',
      ...checks.map(
        ({ name, value, limit }) => `${name}: ${value.toPrecision(3)} (at least ${limit.toPrecision(3)})`,
      ),
      ...trainingTimes.map((time) => `training time of a seed, median: ${time}`),
      ...(missing.length > 0 ? [`not there yet: ${missing.join(', ')}`] : []),
      ...pictures.map((picture) => `picture: ${picture}`),
    ],
  };
}

async function draw(directory: string, title: string, runs: Runs): Promise<string[]> {
  const entries = Object.entries(runs) as [Variant, readonly SeedCurve[]][];
  const learning = join(directory, 'learning-curves.svg');
  await writeLearningCurveSvg(learning, {
    title: `Return of the adapted episode, ${title}`,
    curves: entries.map(([variant, seeds]) => ({
      label: `${VARIANTS[variant].label} (${seeds.length})`,
      runs: seeds.map(({ evaluations }) => evaluations),
    })),
  });
  const adaptation = join(directory, 'adaptation-curves.svg');
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
  await writeOutputFile(adaptation, chart('returns', 'Return'));
  if (entries.every(([, seeds]) => byEpisode(seeds, 'successes').length === 0)) return [learning, adaptation];
  const success = join(directory, 'success-curves.svg');
  await writeOutputFile(success, chart('successes', 'Success'));
  return [learning, adaptation, success];
}
