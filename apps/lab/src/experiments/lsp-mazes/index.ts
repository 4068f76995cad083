import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, parseUnknown } from '@maxent/core';
import * as z from 'zod';
import type { Check } from '../../checks.js';
import { readJson } from '../../results/read-json.js';
import { missingSeeds, readSeeds, type SeedCurve } from '../../results/stored-seeds.js';
import { assertSame } from '../../results/stored-settings.js';
import type { Conclusion, RunExperiment } from '../experiment.js';
import { type MazeTrial, SIDES, type SideName, TRIALS } from './settings.js';

const SEEDS = [1, 2, 3, 4, 5];
const EPISODES = 100;
/** Two levels must reach the goal in at least this share of episodes ... */
const REQUIRED_SHARE = 0.8;
/** ... with at least this many of the seeds ... */
const REQUIRED_SEEDS = 4;
/** ... with which SAC stays below this share. */
const SAC_BELOW = 0.1;

/** Share of episodes that reach the goal. */
interface SeedShare {
  readonly seed: number;
  readonly share: number;
}

export interface MazeVerdict {
  readonly label: string;
  /** As far as there are runs. */
  readonly shares: Readonly<Record<SideName, readonly SeedShare[]>>;
  /** Seeds with which SAC does not stay below 10 %, so that the next larger maze decides. */
  readonly solvedBySac: readonly number[];
  /** Seeds with which SAC stays below 10 % and two levels reach the goal in at least 80 % of episodes. */
  readonly holdsWith: readonly number[];
  /** Whether those are at least 4; null while runs are missing. */
  readonly passes: boolean | null;
}

export interface MazesConclusion extends Conclusion {
  readonly verdicts: readonly MazeVerdict[];
}

/** Two levels of latent space policies in the point mazes, next to SAC from scratch. */
export const lspMazes: RunExperiment = {
  description:
    'Two levels of latent space policies reach the goal of a point maze where SAC from scratch does not',
  claim: `Two levels reach the goal in at least ${percent(REQUIRED_SHARE)} of ${EPISODES} episodes with ${REQUIRED_SEEDS} of seeds ${SEEDS.join(', ')} where SAC stays below ${percent(SAC_BELOW)}; the last trial decides.`,
  directory: 'lsp',
  judge: judgeMazes,
};

/**
 * Reads `<trial>/levels/seed*` and `<trial>/sac/seed*` below `directory`, each with the `evaluation.json` that
 * `maxent eval --episodes 100 --json` printed of its last checkpoint. All trials are shown; the last one decides, as it
 * was planned because those before it did not. Throws InvalidInputError for runs with other settings than the trial's.
 */
export async function judgeMazes(directory: string): Promise<MazesConclusion> {
  const verdicts: MazeVerdict[] = [];
  const missing: string[] = [];
  for (const trial of TRIALS) {
    const shares = {
      levels: await readSide(directory, trial, 'levels'),
      sac: await readSide(directory, trial, 'sac'),
    };
    const lacking = (Object.keys(SIDES) as SideName[]).flatMap((side) =>
      missingSeeds(`${directoryOf(trial, side)}/${side}`, SEEDS, shares[side]),
    );
    missing.push(...lacking);
    verdicts.push(judge(trial.label, shares, lacking.length === 0));
  }
  const table = verdicts.flatMap(rowsOf);
  if (table.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  const last = verdicts.at(-1)!;
  const checks: Check[] =
    last.passes === null
      ? []
      : [
          {
            name: `${last.label}: seeds with which two levels reach the goal and SAC does not`,
            ...{ value: last.holdsWith.length, limit: REQUIRED_SEEDS, must: 'be at least' as const },
          },
        ];
  return {
    table,
    checks,
    pictures: {},
    missing,
    notes: verdicts.flatMap(describe),
    verdicts,
  };
}

function judge(label: string, shares: MazeVerdict['shares'], complete: boolean): MazeVerdict {
  const solvedBySac = shares.sac.filter(({ share }) => share >= SAC_BELOW).map(({ seed }) => seed);
  const failedBySac = shares.sac.filter(({ share }) => share < SAC_BELOW).map(({ seed }) => seed);
  const holdsWith = shares.levels
    .filter(({ seed, share }) => share >= REQUIRED_SHARE && failedBySac.includes(seed))
    .map(({ seed }) => seed);
  return {
    label,
    shares,
    solvedBySac,
    holdsWith,
    passes: complete ? holdsWith.length >= REQUIRED_SEEDS : null,
  };
}

function directoryOf({ directory, scratchDirectory = directory }: MazeTrial, side: SideName): string {
  return side === 'sac' ? scratchDirectory : directory;
}

async function readSide(directory: string, trial: MazeTrial, side: SideName): Promise<SeedShare[]> {
  const { levels, assertRuns } = SIDES[side];
  const sideDirectory = join(directory, directoryOf(trial, side), side);
  const shares: SeedShare[] = [];
  for (const curve of await readSeeds(sideDirectory, levels)) {
    const file = join(sideDirectory, `seed${curve.seed}`, 'evaluation.json');
    if (!SEEDS.includes(curve.seed) || !existsSync(file)) continue;
    assertRuns(curve, trial);
    shares.push({ seed: curve.seed, share: await readShare(file, curve) });
  }
  return shares;
}

/** What `maxent eval --json` prints. */
const evaluationSchema = z.object({
  returnMean: z.number(),
  returnStd: z.number(),
  returns: z.array(z.number()),
  lengths: z.array(z.int()),
  step: z.int(),
});

/** Only the goal is rewarded. */
async function readShare(file: string, { runs }: SeedCurve): Promise<number> {
  const { returns, step } = parseUnknown(
    evaluationSchema,
    readJson(file, await readFile(file, 'utf8')),
    file,
  );
  assertSame(file, 'step', step, runs.at(-1)!.config.steps);
  assertSame(file, 'number of episodes', returns.length, EPISODES);
  return returns.filter((value) => value > 0).length / EPISODES;
}

function rowsOf({
  label,
  shares,
}: MazeVerdict): { trial: string; side: string; seed: number; share: number }[] {
  return (Object.keys(SIDES) as SideName[]).flatMap((side) =>
    shares[side].map(({ seed, share }) => ({ trial: label, side: SIDES[side].label, seed, share })),
  );
}

function describe({ label, shares, solvedBySac, holdsWith, passes }: MazeVerdict): string[] {
  const sides = (Object.keys(SIDES) as SideName[])
    .filter((side) => shares[side].length > 0)
    .map((side) => {
      const bySeed = shares[side].map(({ seed, share }) => `seed ${seed}: ${percent(share)}`).join(', ');
      return `${label}: ${SIDES[side].label}, ${bySeed}`;
    });
  if (passes === null) return sides;
  const holding = `${label}: ${passes ? 'holds' : 'does not hold'}, with ${holdsWith.length} of ${SEEDS.length} seeds`;
  const solved =
    solvedBySac.length === 0
      ? ''
      : `; SAC does not stay below ${percent(SAC_BELOW)} with seed ${solvedBySac.join(', ')}: the next larger maze decides`;
  return [...sides, holding + solved];
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
