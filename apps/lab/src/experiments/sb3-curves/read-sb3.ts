import * as z from 'zod';
import type { LearningRun } from '../../results/learning-run.js';
import { peerConfigFields, readPeerRun } from '../../results/peer-run.js';

/** `config.json` as `peers/sb3_curve.py` writes it for SAC. */
const configSchema = z.object({
  peer: z.literal('stable-baselines3'),
  algorithm: z.literal('SAC'),
  ...peerConfigFields,
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
});

/** A directory that `peers/sb3_curve.py` wrote. Throws InvalidInputError that names the file and the field. */
export async function readSb3Run(directory: string): Promise<LearningRun> {
  const { config, evaluations } = await readPeerRun(directory, configSchema);
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
