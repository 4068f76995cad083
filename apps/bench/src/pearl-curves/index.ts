import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { writeLearningCurveSvg } from '@maxent/training/node';
import { lineChartSvg } from '@maxent/training/report';
import type { BenchAnswer, Benchmark, BenchRow } from '../benchmark.js';
import { broken, type Check } from '../checks.js';
import { scoredEvaluations, scoreOf } from '../learning-curves/learning-run.js';
import { describeMachine, describeVersions, packageDirectory } from '../machine.js';
import { mean, median } from '../statistics.js';
import { readSeeds, type SeedCurve } from '../stored-seeds.js';

const SEEDS = [1, 2, 3];

const VARIANTS = {
  pearl: 'PEARL',
  'paper-form': "PEARL, the paper's form",
  oracle: 'oracle',
  blind: 'task-blind',
} as const;
type Variant = keyof typeof VARIANTS;
type Runs = Readonly<Partial<Record<Variant, readonly SeedCurve[]>>>;

interface Family {
  readonly title: string;
  /** Variants that its rule needs all seeds of. */
  readonly needs: readonly Variant[];
  readonly judge: (runs: Runs) => readonly Check[];
}

/** What is judged, by the directory below `results/pearl`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  point: {
    title: 'PointRobot',
    needs: ['pearl', 'oracle', 'blind'],
    judge: (runs) => [
      {
        name: 'PointRobot: way from the task-blind return to the oracle, mean over seeds',
        value: way(...(['pearl', 'blind', 'oracle'] as const).map((variant) => mean(scores(runs[variant]!)))),
        limit: 0.8,
        must: 'be at least',
      },
    ],
  },
  sparse: {
    title: 'SparsePointRobot',
    needs: ['pearl', 'blind'],
    judge: (runs) => {
      const pearl = successOfLastEpisode(runs.pearl!);
      return [
        {
          name: 'SparsePointRobot: success in the last episode',
          value: pearl,
          limit: 0.7,
          must: 'be at least',
        },
        {
          name: 'SparsePointRobot: success, with three times the task-blind one as limit',
          value: pearl,
          limit: 3 * successOfLastEpisode(runs.blind!),
          must: 'be at least',
        },
      ];
    },
  },
  'cheetah-dir': {
    title: 'HalfCheetah-Dir',
    needs: ['pearl', 'oracle', 'blind'],
    judge: (runs) => {
      const [pearl, oracle, blind] = (['pearl', 'oracle', 'blind'] as const).map((variant) =>
        scores(runs[variant]!),
      ) as [number[], number[], number[]];
      return [
        {
          name: 'HalfCheetah-Dir, adapted: seeds at least half way from task-blind to oracle',
          value: pearl.filter((value, i) => way(value, blind[i]!, oracle[i]!) >= 0.5).length,
          limit: 2,
          must: 'be at least',
        },
      ];
    },
  },
  'cheetah-vel': { title: 'HalfCheetah-Vel', needs: [], judge: () => [] },
};

export interface PearlCurvesAnswer extends BenchAnswer {
  readonly checks: readonly Check[];
  readonly pictures: readonly string[];
}

/** `maxent bench pearl-curves`: judges and draws the stored runs of PEARL; trains nothing. */
export const pearlCurves: Benchmark = {
  description: 'Judges the stored runs of PEARL between the oracle and the task-blind agent, and draws them',
  run: async () => judgeFamilies(join(packageDirectory, 'results/pearl')),
};

/** Reads `<family>/<variant>/seed*` below `directory`, finished runs only, and writes two pictures for each family. */
export async function judgeFamilies(directory: string): Promise<PearlCurvesAnswer> {
  const rows: BenchRow[] = [];
  const checks: Check[] = [];
  const pictures: string[] = [];
  const missing: string[] = [];
  for (const [name, { title, needs, judge }] of Object.entries(FAMILIES)) {
    const runs: Partial<Record<Variant, readonly SeedCurve[]>> = {};
    for (const variant of Object.keys(VARIANTS) as Variant[]) {
      const seeds = await readSeeds(join(directory, name, variant));
      if (seeds.length === 0) continue;
      runs[variant] = seeds;
      const runScores = scores(seeds);
      rows.push({
        label: `${title}, ${VARIANTS[variant]}`,
        median: median(runScores),
        unit: 'return',
        runs: runScores,
      });
    }
    const lacking = needs.flatMap((variant) =>
      SEEDS.filter((seed) => !runs[variant]?.some((run) => run.seed === seed)).map(
        (seed) => `${name}/${variant}/seed${seed}`,
      ),
    );
    missing.push(...lacking);
    if (lacking.length === 0 && needs.length > 0) checks.push(...judge(judgedSeeds(runs)));
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
      ...(missing.length > 0 ? [`not there yet: ${missing.join(', ')}`] : []),
      ...pictures.map((picture) => `picture: ${picture}`),
    ],
  };
}

function judgedSeeds(runs: Runs): Runs {
  return Object.fromEntries(
    Object.entries(runs).map(([variant, seeds]) => [
      variant,
      seeds.filter(({ seed }) => SEEDS.includes(seed)),
    ]),
  );
}

function scores(seeds: readonly SeedCurve[]): number[] {
  return seeds.map(scoreOf);
}

/** How far a return is on the way from one bound to the other; 1 is all of it. */
function way(...[value, from, to]: number[]): number {
  return (value! - from!) / (to! - from!);
}

/** Means over tasks, evaluations and seeds, one for each episode; of returns, or of successes. */
function byEpisode(seeds: readonly SeedCurve[], of: 'returns' | 'successes'): number[] {
  const tasks = seeds.flatMap((seed) =>
    scoredEvaluations(seed).flatMap(({ adaptation }) => adaptation?.[of] ?? []),
  );
  return (tasks[0] ?? []).map((_, episode) => mean(tasks.map((values) => values[episode]!)));
}

function successOfLastEpisode(seeds: readonly SeedCurve[]): number {
  return byEpisode(seeds, 'successes').at(-1) ?? Number.NaN;
}

async function draw(directory: string, title: string, runs: Runs): Promise<string[]> {
  const entries = Object.entries(runs) as [Variant, readonly SeedCurve[]][];
  const learning = join(directory, 'learning-curves.svg');
  await writeLearningCurveSvg(
    entries.map(([variant, seeds]) => ({
      label: `${VARIANTS[variant]} (${seeds.length})`,
      runs: seeds.map(({ evaluations }) => evaluations),
    })),
    learning,
    { title: `Return of the adapted episode, ${title}` },
  );
  const adaptation = join(directory, 'adaptation-curves.svg');
  const chart = (of: 'returns' | 'successes', name: string) =>
    lineChartSvg({
      title: `${name} by episode in a test task, ${title}`,
      xLabel: 'episode',
      series: entries.map(([variant, seeds]) => ({
        label: VARIANTS[variant],
        points: byEpisode(seeds, of).map((y, i) => ({ x: i + 1, y })),
      })),
      width: 720,
      height: 340,
    });
  await writeFile(adaptation, chart('returns', 'Return'));
  if (entries.every(([, seeds]) => byEpisode(seeds, 'successes').length === 0)) return [learning, adaptation];
  const success = join(directory, 'success-curves.svg');
  await writeFile(success, chart('successes', 'Success'));
  return [learning, adaptation, success];
}
