import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import type { Check } from '../../checks.js';
import { scoreOf } from '../../results/learning-run.js';
import { missingSeeds, readSeeds } from '../../results/stored-seeds.js';
import { mean } from '../../statistics.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment } from '../experiment.js';
import { assertProtocol, VARIANTS, type Variant, type VariantName } from './variants.js';

export interface Figure {
  readonly environment: string;
  /** The seeds that each variant is to have. */
  readonly seeds: Readonly<Partial<Record<VariantName, readonly number[]>>>;
  /** Share of Gaussian SAC's mean score that one level must reach; without it nothing is judged. */
  readonly requiredRatio?: number;
}

const THREE = [1, 2, 3];

export const halfCheetahFigure: Figure = {
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

/** Latent space policies with one level and with two, next to Gaussian SAC. */
export const lspCurves = experimentOf(halfCheetahFigure, 'lsp/halfcheetah');

export function experimentOf(figure: Figure, directory: string): RunExperiment {
  const { environment, requiredRatio } = figure;
  return {
    description: `Latent space policies on ${environment}, next to Gaussian SAC`,
    claim:
      requiredRatio === undefined
        ? 'One seed each, shown and not judged.'
        : `One level reaches ${100 * requiredRatio} % of the mean score of SAC with a Gaussian policy.`,
    directory,
    judge: (path) => judgeVariants(path, figure),
  };
}

/** Reads `<variant>/seed*` below `directory`, finished runs of the figure's seeds only. */
export async function judgeVariants(
  directory: string,
  { environment, seeds: planned, requiredRatio }: Figure,
): Promise<Conclusion> {
  const table: { variant: string; seed: number; score: number }[] = [];
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
    table.push(...seeds.map((run) => ({ variant: label, seed: run.seed, score: scoreOf(run) })));
    scores.set(name, seeds.map(scoreOf));
    curves.push({ label: `${label} (${seeds.length})`, runs: seeds.map(({ evaluations }) => evaluations) });
  }
  if (curves.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  // Only where there are as many seeds: one may be far off the mean of three.
  const sac = scores.get('sac');
  const ratios = [...scores]
    .filter(([variant, runs]) => variant !== 'sac' && runs.length === sac?.length)
    .map(([variant, runs]) => ({ variant, ratio: mean(runs) / mean(sac!) }));
  const flow = ratios.find(({ variant }) => variant === 'flow');
  const checks: Check[] =
    requiredRatio === undefined || flow === undefined
      ? []
      : [
          {
            name: "mean score of one level over SAC's",
            ...{ value: flow.ratio, limit: requiredRatio, must: 'be at least' as const },
          },
        ];
  return {
    table,
    checks,
    pictures: { 'learning-curves': learningCurvesSvg(`Latent space policies on ${environment}`, curves) },
    missing,
    notes: [
      'score of a seed: mean of its last three evaluations of 10 deterministic episodes; number of seeds in brackets',
      ...ratios.map(
        ({ variant, ratio }) => `${VARIANTS[variant].label}: ${ratio.toPrecision(3)} of SAC's mean score`,
      ),
    ],
  };
}
