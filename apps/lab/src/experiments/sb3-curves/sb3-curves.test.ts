import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { softActorCritic } from '@maxent/agents';
import { InvalidInputError } from '@maxent/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { judgeSides } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-curves-'));
});
afterEach(() => rm(directory, { recursive: true }));

const STEPS = 40;
const EVERY = 10;

const evaluationsOf = (score: number) =>
  [10, 20, 30, 40].map((step) => ({
    step,
    returnMean: step === 10 ? 0 : score,
    returnStd: 1,
    episodes: 2,
    returns: [score - 1, score + 1],
    lengths: [1000, 1000],
    wallSeconds: step / 10,
  }));

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

async function writeMaxent(seed: number, score: number, settings: object = {}): Promise<void> {
  const config = JSON.parse(
    JSON.stringify(softActorCritic.config.parse({ learningStarts: 10_000, ...settings })),
  );
  const rows = evaluationsOf(score).flatMap((evaluation) => [
    { type: 'metrics', step: evaluation.step, updates: 0, values: {}, wallSeconds: 1, stepsPerSecond: 1 },
    { type: 'evaluation', ...evaluation },
  ]);
  const run = {
    agent: { name: 'sac', config },
    environment: { id: 'HalfCheetah-v5', options: {} },
    ...{ steps: STEPS, seed, evaluation: { every: EVERY, episodes: 2 } },
  };
  await writeStoredRun(join(directory, 'maxent', `seed${seed}`), run, rows);
}

async function writeSb3(seed: number, score: number, changes: object = {}): Promise<void> {
  const config = {
    peer: 'stable-baselines3',
    algorithm: 'SAC',
    environment: 'HalfCheetah-v5',
    seed,
    steps: STEPS,
    evaluateEvery: EVERY,
    episodes: 2,
    hyperparameters: {
      learningRate: 3e-4,
      batchSize: 256,
      bufferSize: 1_000_000,
      learningStarts: 10_000,
      discount: 0.99,
      tau: 0.005,
      hidden: [256, 256],
      targetEntropy: -6,
    },
    versions: { torch: '2.13.0' },
    torchThreads: 1,
    ...changes,
  };
  const path = join(directory, 'sb3', `seed${seed}`);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'config.json'), JSON.stringify(config));
  await writeFile(join(path, 'evaluations.jsonl'), lines(evaluationsOf(score)));
}

describe('sb3-curves', () => {
  it('reads both sides, judges them and draws them', async () => {
    for (const [i, score] of [4200, 4500, 4500].entries()) await writeMaxent(i + 1, score);
    for (const [i, score] of [5000, 5500, 4500].entries()) await writeSb3(i + 1, score);
    const { checks, table, pictures } = await judgeSides(directory);
    expect(checks).toMatchObject([{ value: 0.88, limit: 0.8 }]);
    expect(table.map(({ side, seed, score }) => [side, seed, score])).toEqual([
      ['maxent', 1, 4200],
      ['maxent', 2, 4500],
      ['maxent', 3, 4500],
      ['stable-baselines3', 1, 5000],
      ['stable-baselines3', 2, 5500],
      ['stable-baselines3', 3, 4500],
    ]);
    expect(pictures['learning-curves']).toMatch(/^<svg[\s\S]*Stable-Baselines3/);
  });

  it('says what to do when three seeds do not pass', async () => {
    for (const seed of [1, 2, 3]) await writeMaxent(seed, 3000);
    for (const seed of [1, 2, 3]) await writeSb3(seed, 5000);
    const { notes } = await judgeSides(directory);
    expect(notes!.join('\n')).toContain('add seeds 4 to 6');
  });

  it('refuses sides with different hyperparameters', async () => {
    for (const seed of [1, 2, 3]) await writeMaxent(seed, 3000, { batchSize: 128 });
    for (const seed of [1, 2, 3]) await writeSb3(seed, 5000);
    await expect(judgeSides(directory)).rejects.toThrow(InvalidInputError);
  });

  it('names a missing side, a wrong seed and a damaged file', async () => {
    for (const seed of [1, 2, 3]) await writeMaxent(seed, 3000);
    await expect(judgeSides(directory)).rejects.toThrow(/^seeds: /);
    for (const seed of [1, 2, 3]) await writeSb3(seed, 5000, { seed: 2 });
    await expect(judgeSides(directory)).rejects.toThrow(/seed[13]: expected seed [13], got 2/);
    for (const seed of [1, 2, 3]) await writeSb3(seed, 5000);
    await writeFile(join(directory, 'sb3/seed2/evaluations.jsonl'), '{"step": 10}\n');
    await expect(judgeSides(directory)).rejects.toThrow(/seed2\/evaluations\.jsonl:1\.returnMean/);
    await writeFile(join(directory, 'sb3/seed2/evaluations.jsonl'), '{"step": 10');
    await expect(judgeSides(directory)).rejects.toThrow(/evaluations\.jsonl:1: expected JSON/);
  });
});
