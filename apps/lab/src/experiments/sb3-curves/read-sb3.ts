import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseUnknown } from '@maxent/core';
import * as z from 'zod';
import type { LearningRun } from '../../results/learning-run.js';
import { readJson } from '../../results/read-json.js';

/** `config.json` as `peers/sb3_curve.py` writes it. */
const configSchema = z.object({
  peer: z.literal('stable-baselines3'),
  algorithm: z.literal('SAC'),
  environment: z.string(),
  seed: z.int(),
  steps: z.int().positive(),
  evaluateEvery: z.int().positive(),
  episodes: z.int().positive(),
  hyperparameters: z.strictObject({
    learningRate: z.number(),
    batchSize: z.int(),
    bufferSize: z.int(),
    learningStarts: z.int(),
    discount: z.number(),
    tau: z.number(),
    hidden: z.array(z.int()),
    targetEntropy: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
  torchThreads: z.int(),
});

/** One line of `evaluations.jsonl`. */
const evaluationSchema = z.object({
  step: z.int(),
  returnMean: z.number(),
  returnStd: z.number(),
  episodes: z.int(),
  returns: z.array(z.number()),
  lengths: z.array(z.int()),
  wallSeconds: z.number(),
});

/** A directory that `peers/sb3_curve.py` wrote. Throws InvalidInputError that names the file and the field. */
export async function readSb3Run(directory: string): Promise<LearningRun> {
  const configFile = join(directory, 'config.json');
  const config = parseUnknown(
    configSchema,
    readJson(configFile, await readFile(configFile, 'utf8')),
    configFile,
  );
  const evaluationsFile = join(directory, 'evaluations.jsonl');
  const lines = (await readFile(evaluationsFile, 'utf8')).trimEnd().split('\n');
  const evaluations = lines.map((line, i) => {
    const field = `${evaluationsFile}:${i + 1}`;
    return parseUnknown(evaluationSchema, readJson(field, line), field);
  });
  const { learningRate, batchSize, bufferSize, learningStarts, discount, tau, hidden } =
    config.hyperparameters;
  return {
    directory,
    seed: config.seed,
    protocol: {
      environment: config.environment,
      steps: config.steps,
      evaluateEvery: config.evaluateEvery,
      episodes: config.episodes,
      hyperparameters: {
        actorLearningRate: learningRate,
        criticLearningRate: learningRate,
        temperatureLearningRate: learningRate,
        batchSize,
        replayCapacity: bufferSize,
        learningStarts,
        discount,
        targetRate: tau,
        hiddenSizes: hidden,
      },
    },
    evaluations,
  };
}
