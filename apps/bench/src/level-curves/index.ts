import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import { writeLearningCurveSvg } from '@maxent/training/node';
import type { BenchAnswer, Benchmark, BenchRow } from '../benchmark.js';
import { scoreOf } from '../learning-curves/learning-run.js';
import { describeMachine, describeVersions, packageDirectory } from '../machine.js';
import { mean, median } from '../statistics.js';
import { readSeeds } from '../stored-seeds.js';

/** The figure's variants: directory below the task's, and what a reader calls it. */
const VARIANTS = {
  sac: 'Gaussian SAC',
  flow: 'one level',
  'two-levels': 'two levels',
  'four-couplings': 'one level of four couplings',
} as const;

type Variant = keyof typeof VARIANTS;

/** Share of Gaussian SAC's mean score that one level must reach over seeds 1 to 3. */
const REQUIRED_RATIO = 0.8;
const SEEDS = [1, 2, 3];

const directory = join(packageDirectory, 'results/lsp/halfcheetah');

/** `maxent bench lsp-curves`: scores and draws the stored runs of latent space policies; trains nothing. */
export const lspCurves: Benchmark = {
  description:
    'Scores the stored HalfCheetah-v5 runs of latent space policies beside Gaussian SAC, and draws them',
  run: async () => scoreVariants(directory),
};

export interface LevelCurvesAnswer extends BenchAnswer {
  /** Null while seeds are missing. */
  readonly passes: boolean | null;
  readonly picture: string;
}

/** Reads `<variant>/seed*` below `directory`, finished runs only, and writes `learning-curves.svg` into it. */
export async function scoreVariants(directory: string): Promise<LevelCurvesAnswer> {
  const rows: BenchRow[] = [];
  const curves: { label: string; runs: (readonly Evaluation[])[] }[] = [];
  const means = new Map<Variant, number>();
  const missing: string[] = [];
  for (const [variant, label] of Object.entries(VARIANTS) as [Variant, string][]) {
    const seeds = await readSeeds(join(directory, variant));
    const found = seeds.map(({ seed }) => seed);
    missing.push(...SEEDS.filter((seed) => !found.includes(seed)).map((seed) => `${variant}/seed${seed}`));
    if (seeds.length === 0) continue;
    const scores = seeds.map(scoreOf);
    means.set(variant, mean(scores));
    rows.push({ label, median: median(scores), unit: 'return', runs: scores });
    curves.push({ label: `${label} (${seeds.length})`, runs: seeds.map(({ evaluations }) => evaluations) });
  }
  if (curves.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  const picture = join(directory, 'learning-curves.svg');
  await writeLearningCurveSvg(curves, picture, { title: 'Latent space policies on HalfCheetah-v5' });
  const ratioTo = (variant: Variant): number =>
    (means.get(variant) ?? Number.NaN) / (means.get('sac') ?? Number.NaN);
  const ratios = Object.fromEntries(
    (['flow', 'two-levels', 'four-couplings'] as const)
      .map((variant) => [`${variant}OverSac`, ratioTo(variant)] as const)
      .filter(([, ratio]) => Number.isFinite(ratio)),
  );
  const judged = missing.every((name) => !/^(sac|flow)\//.test(name));
  const passes = judged ? ratioTo('flow') >= REQUIRED_RATIO : null;
  return {
    name: 'lsp-curves',
    machine: describeMachine('none'),
    versions: describeVersions(),
    rows,
    ratios,
    passes,
    picture,
    notes: [
      'score of a seed: mean of its last three evaluations of 10 deterministic episodes; number of seeds in brackets',
      passes === null
        ? 'one level against SAC is judged once seeds 1 to 3 of both are there'
        : `one level ${passes ? 'reaches' : 'does not reach'} ${100 * REQUIRED_RATIO} % of SAC's mean score`,
      ...(missing.length > 0 ? [`not there yet: ${missing.join(', ')}`] : []),
      `picture: ${picture}`,
    ],
  };
}
