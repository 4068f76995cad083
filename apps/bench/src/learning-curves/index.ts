import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { writeLearningCurveSvg } from '@maxent/training/node';
import type { BenchAnswer, Benchmark, BenchRow } from '../benchmark.js';
import { describeMachine, describeVersions } from '../machine.js';
import { resultsDirectory } from '../results-directory.js';
import { median } from '../statistics.js';
import { judge, type SideScores, type Verdict } from './judge.js';
import type { LearningRun } from './learning-run.js';
import { readMaxentRun } from './read-maxent.js';
import { readSb3Run } from './read-sb3.js';

export interface CurvesAnswer extends BenchAnswer {
  readonly verdict: Verdict;
  /** Where the picture of both sides' learning curves was written. */
  readonly picture: string;
}

/** `maxent bench sb3-curves`: judges the learning curves under `results/`; trains nothing. */
export const sb3Curves: Benchmark = {
  description: 'Judges the stored HalfCheetah-v5 learning curves, ours against those of Stable-Baselines3',
  run: async () => judgeDirectory(resultsDirectory('sac-halfcheetah')),
};

/** Reads `maxent/seed*` and `sb3/seed*` below `directory`, and writes `learning-curves.svg` into it. */
export async function judgeDirectory(directory: string): Promise<CurvesAnswer> {
  const [ours, theirs] = await Promise.all([
    readSide(join(directory, 'maxent'), readMaxentRun),
    readSide(join(directory, 'sb3'), readSb3Run),
  ]);
  const verdict = judge(ours, theirs);
  const picture = join(directory, 'learning-curves.svg');
  await writeLearningCurveSvg(picture, {
    title: `SAC on ${ours[0]!.protocol.environment}`,
    curves: [
      { label: 'maxent', runs: ours.map(({ evaluations }) => evaluations) },
      { label: 'Stable-Baselines3', runs: theirs.map(({ evaluations }) => evaluations) },
    ],
  });
  return {
    name: 'sb3-curves',
    // Judging runs no kernels; the machines that trained are named in each run's config.json.
    machine: describeMachine('none'),
    versions: describeVersions(),
    rows: [rowOf('maxent', verdict.ours), rowOf('stable-baselines3', verdict.theirs)],
    ratios: { meanScoreOursOverSb3: verdict.ratio },
    verdict,
    picture,
    notes: [...describeVerdict(verdict), `picture: ${picture}`],
  };
}

async function readSide(
  directory: string,
  read: (directory: string) => Promise<LearningRun>,
): Promise<LearningRun[]> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  return Promise.all(
    names
      .filter((name) => /^seed\d+$/.test(name))
      .map(async (name) => {
        const run = await read(join(directory, name));
        if (name === `seed${run.seed}`) return run;
        throw new InvalidInputError(join(directory, name), `expected seed ${name.slice(4)}, got ${run.seed}`);
      }),
  );
}

function rowOf(label: string, { scores }: SideScores): BenchRow {
  const runs = scores.map(({ score }) => score);
  return { label, median: median(runs), unit: 'return', runs };
}

function describeVerdict({ ours, theirs, ratio, requiredRatio, interval, passes }: Verdict): string[] {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const side = (name: string, { scores, mean }: SideScores): string => {
    const seeds = scores.map(({ seed, score }) => `seed ${seed}: ${score.toFixed(0)}`).join(', ');
    return `${name}: ${seeds}; mean ${mean.toFixed(0)}`;
  };
  const lines = [
    'score of a seed: mean of its last three evaluations of 10 deterministic episodes',
    side('maxent', ours),
    side('stable-baselines3', theirs),
    `our mean is ${percent(ratio)} of theirs; required are ${percent(requiredRatio)}`,
  ];
  if (interval !== null) {
    const { difference, low, high } = interval;
    lines.push(
      `difference of the means ${difference.toFixed(0)}, Welch's 90 % interval [${low.toFixed(0)}, ${high.toFixed(0)}]`,
    );
  }
  const next = interval === null ? ': add seeds 4 to 6 to both sides and judge the six once' : '';
  return [...lines, passes ? 'passes' : `does not pass${next}`];
}
