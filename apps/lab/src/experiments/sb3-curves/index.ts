import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import type { LearningRun } from '../../results/learning-run.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment } from '../experiment.js';
import { judge, type SideScores, type Verdict } from './judge.js';
import { readMaxentRun } from './read-maxent.js';
import { readSb3Run } from './read-sb3.js';

/** HalfCheetah-v5: our learning curves against Stable-Baselines3's. */
export const sb3Curves: RunExperiment = {
  description: "SAC on HalfCheetah-v5 learns as fast as Stable-Baselines3's",
  claim:
    "With seeds 1 to 3 our mean score is at least 80 % of Stable-Baselines3's; if not, seeds 4 to 6 are added to both sides and the six are judged once: at least 75 %, and Welch's 90 % interval of the difference contains 0 or lies above it.",
  directory: 'sac-halfcheetah',
  judge: judgeSides,
};

/** Reads `maxent/seed*` and `sb3/seed*` below `directory`. */
export async function judgeSides(directory: string): Promise<Conclusion> {
  const [ours, theirs] = await Promise.all([
    readSide(join(directory, 'maxent'), readMaxentRun),
    readSide(join(directory, 'sb3'), readSb3Run),
  ]);
  const verdict = judge(ours, theirs);
  return {
    table: [...rowsOf('maxent', verdict.ours), ...rowsOf('stable-baselines3', verdict.theirs)],
    checks: verdict.checks,
    pictures: {
      'learning-curves': learningCurvesSvg(`SAC on ${ours[0]!.protocol.environment}`, [
        { label: 'maxent', runs: ours.map(({ evaluations }) => evaluations) },
        { label: 'Stable-Baselines3', runs: theirs.map(({ evaluations }) => evaluations) },
      ]),
    },
    notes: describeVerdict(verdict),
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

const rowsOf = (side: string, { scores }: SideScores): Conclusion['table'] =>
  scores.map(({ seed, score }) => ({ side, seed, score }));

function describeVerdict({ ours, theirs, ratio, interval, passes }: Verdict): string[] {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const side = (name: string, { scores, mean }: SideScores): string => {
    const seeds = scores.map(({ seed, score }) => `seed ${seed}: ${score.toFixed(0)}`).join(', ');
    return `${name}: ${seeds}; mean ${mean.toFixed(0)}`;
  };
  const lines = [
    'score of a seed: mean of its last three evaluations of 10 deterministic episodes',
    side('maxent', ours),
    side('stable-baselines3', theirs),
    `our mean is ${percent(ratio)} of theirs`,
  ];
  if (interval !== null) {
    const { difference, low, high } = interval;
    lines.push(
      `difference of the means ${difference.toFixed(0)}, Welch's 90 % interval [${low.toFixed(0)}, ${high.toFixed(0)}]`,
    );
  }
  if (interval === null && !passes) lines.push('add seeds 4 to 6 to both sides and judge the six once');
  return lines;
}
