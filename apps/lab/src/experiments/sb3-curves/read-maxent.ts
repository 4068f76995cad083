import { softActorCritic } from '@maxent/agents';
import { InvalidInputError, parseUnknown } from '@maxent/core';
import { readRun } from '@maxent/training/node';
import type { LearningRun } from '../../results/learning-run.js';

/** A run directory of `maxent train sac`; only `config.json` and `metrics.jsonl` are needed. */
export async function readMaxentRun(directory: string): Promise<LearningRun> {
  const run = await readRun(directory);
  const { config } = run;
  if (config.agent.name !== softActorCritic.name) {
    throw new InvalidInputError(
      directory,
      `expected a run of ${softActorCritic.name}, got ${config.agent.name}`,
    );
  }
  const { rows, warnings } = await run.readRows();
  if (warnings.length > 0) throw new InvalidInputError(directory, warnings.join('; '));
  const agent = parseUnknown(softActorCritic.config, config.agent.config, directory);
  return {
    directory,
    seed: config.seed,
    protocol: {
      environment: config.environment.id,
      steps: config.steps,
      evaluateEvery: config.evaluation.every,
      episodes: config.evaluation.episodes,
      hyperparameters: {
        actorLearningRate: agent.actorLearningRate,
        criticLearningRate: agent.criticLearningRate,
        temperatureLearningRate: agent.temperatureLearningRate,
        batchSize: agent.batchSize,
        replayCapacity: agent.replayCapacity,
        learningStarts: agent.learningStarts,
        discount: agent.discount,
        targetRate: agent.targetRate,
        hiddenSizes: agent.hiddenSizes,
      },
    },
    evaluations: rows.filter((row) => row.type === 'evaluation'),
  };
}
