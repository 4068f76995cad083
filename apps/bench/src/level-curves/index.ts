import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import { writeLearningCurveSvg } from '@maxent/training/node';
import type { BenchAnswer, Benchmark, BenchRow } from '../benchmark.js';
import { scoreOf } from '../learning-curves/learning-run.js';
import { describeMachine, describeVersions } from '../machine.js';
import { resultsDirectory } from '../results-directory.js';
import { mean, median } from '../statistics.js';
import { missingSeeds, readSeeds } from '../stored-seeds.js';
import { assertProtocol, VARIANTS, type Variant, type VariantName } from './variants.js';

export interface Figure {
  /** Of the benchmark. */
  readonly name: string;
  readonly environment: string;
  /** The seeds that each variant is to have. */
  readonly seeds: Readonly<Partial<Record<VariantName, readonly number[]>>>;
  /** Share of Gaussian SAC's mean score that one level must reach; without it nothing is judged. */
  readonly requiredRatio?: number;
}

const THREE = [1, 2, 3];

export const halfCheetahFigure: Figure = {
  name: 'lsp-curves',
  environment: 'HalfCheetah-v5',
  seeds: {
    sac: THREE,
    flow: THREE,
    'two-levels': THREE,
    'two-levels-early': [1],
    'two-levels-late': [1],
    'four-couplings': THREE,
  },
  requiredRatio: 0.8,
};

export const antFigure: Figure = {
  name: 'lsp-curves-ant',
  environment: 'Ant-v5',
  seeds: { sac: [1], flow: [1], 'two-levels': [1], 'four-couplings': [1] },
};

/** `maxent bench lsp-curves` and `lsp-curves-ant`: score and draw the stored runs of latent space policies. */
export const lspCurves = benchmarkOf(halfCheetahFigure, 'halfcheetah');
export const lspCurvesAnt = benchmarkOf(antFigure, 'ant');

function benchmarkOf(figure: Figure, directory: string): Benchmark {
  return {
    description: `Scores the stored ${figure.environment} runs of latent space policies beside Gaussian SAC, and draws them`,
    run: async () => scoreVariants(resultsDirectory('lsp', directory), figure),
  };
}

export interface LevelCurvesAnswer extends BenchAnswer {
  /** Null while seeds are missing, and where nothing is judged. */
  readonly passes: boolean | null;
  readonly picture: string;
}

/**
 * Reads `<variant>/seed*` below `directory`, finished runs of the figure's seeds only, and writes `learning-curves.svg`
 * into it. Throws InvalidInputError for a run of another task or with other settings than the figure's.
 */
export async function scoreVariants(
  directory: string,
  { name: benchmark, environment, seeds: planned, requiredRatio }: Figure,
): Promise<LevelCurvesAnswer> {
  const rows: BenchRow[] = [];
  const curves: { label: string; runs: (readonly Evaluation[])[] }[] = [];
  const scores = new Map<VariantName, readonly number[]>();
  const missing: string[] = [];
  for (const [name, variant] of Object.entries(VARIANTS) as [VariantName, Variant][]) {
    const due = planned[name] ?? [];
    const stored = await readSeeds(join(directory, name), variant.levels?.length);
    const seeds = stored.filter(({ seed }) => due.includes(seed));
    missing.push(...missingSeeds(name, due, seeds));
    if (seeds.length === 0) continue;
    for (const seed of seeds) assertProtocol(seed, variant, environment);
    const { label } = variant;
    const runs = seeds.map(scoreOf);
    scores.set(name, runs);
    rows.push({ label, median: median(runs), unit: 'return', runs });
    curves.push({ label: `${label} (${seeds.length})`, runs: seeds.map(({ evaluations }) => evaluations) });
  }
  if (curves.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  const picture = join(directory, 'learning-curves.svg');
  await writeLearningCurveSvg(picture, { title: `Latent space policies on ${environment}`, curves });
  // Only where there are as many seeds: one may be far off the mean of three.
  const comparable = [...scores].filter(
    ([variant, runs]) => variant !== 'sac' && runs.length === scores.get('sac')?.length,
  );
  const ratios = Object.fromEntries(
    comparable.map(([variant, runs]) => [`${variant}OverSac`, mean(runs) / mean(scores.get('sac')!)]),
  );
  const complete = missing.every((name) => !/^(sac|flow)\//.test(name));
  const passes = requiredRatio !== undefined && complete ? ratios.flowOverSac! >= requiredRatio : null;
  return {
    name: benchmark,
    machine: describeMachine('none'),
    versions: describeVersions(),
    rows,
    ratios,
    passes,
    picture,
    notes: [
      'score of a seed: mean of its last three evaluations of 10 deterministic episodes; number of seeds in brackets',
      judgement(passes, requiredRatio),
      ...(missing.length > 0 ? [`not there yet: ${missing.join(', ')}`] : []),
      `picture: ${picture}`,
    ],
  };
}

function judgement(passes: boolean | null, requiredRatio: number | undefined): string {
  if (requiredRatio === undefined) return 'shown, not judged';
  return passes === null
    ? 'one level against SAC is judged once all seeds of both are there'
    : `one level ${passes ? 'reaches' : 'does not reach'} ${100 * requiredRatio} % of SAC's mean score`;
}
