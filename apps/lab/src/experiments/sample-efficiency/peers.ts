import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { assertComplete, scoreOf } from '../../results/learning-run.js';
import { type PeerRun, peerConfigFields, readPeerRun } from '../../results/peer-run.js';
import { assertSame } from '../../results/stored-settings.js';
import { runName, type StoredRun } from './stored-runs.js';
import { EVALUATION, LEARNING_STARTS, SEEDS, STEPS, TASKS, type Task } from './variants.js';

/** Another implementation of CrossQ at the width of ours. */
export const PEER = { name: 'sb3-contrib-256', label: "sb3-contrib's CrossQ, critics of 256" };

const configSchema = z.object({
  peer: z.literal('sb3-contrib'),
  algorithm: z.literal('CrossQ'),
  ...peerConfigFields,
  hyperparameters: z.record(z.string(), z.unknown()),
});

type Config = z.output<typeof configSchema>;

const HYPERPARAMETERS = {
  ...{ learningRate: 1e-3, batchSize: 256, bufferSize: 1_000_000, learningStarts: LEARNING_STARTS },
  ...{ discount: 0.99, policyDelay: 3, beta1: 0.5, hidden: [256, 256], criticHidden: [256, 256] },
};

/** The finished runs of `peers/sb3_curve.py`. Throws InvalidInputError, with its directory as field, for other settings. */
export async function readPeers(directory: string): Promise<StoredRun[]> {
  const runs = TASKS.flatMap((task) =>
    SEEDS.map(async (seed): Promise<StoredRun | undefined> => {
      const place = join(directory, runName(PEER.name, task, seed));
      if (!existsSync(join(place, 'config.json'))) return undefined;
      const run = await readPeerRun(place, configSchema);
      const { config, evaluations } = run;
      const last = evaluations.at(-1);
      if (last?.step !== STEPS) return undefined;
      assertProtocol(place, run, task, seed);
      return {
        ...{ variant: PEER.name, task, seed, score: scoreOf(run), evaluations },
        coreHours: (last.wallSeconds * config.torchThreads) / 3600,
        updates: STEPS - LEARNING_STARTS,
      };
    }),
  );
  return (await Promise.all(runs)).filter((run) => run !== undefined);
}

function assertProtocol(
  directory: string,
  { config, evaluations }: PeerRun<Config>,
  task: Task,
  seed: number,
): void {
  const { steps, evaluateEvery, episodes, hyperparameters } = config;
  assertSame(directory, 'environment', config.environment, task);
  assertSame(directory, 'seed', config.seed, seed);
  assertSame(directory, 'steps', steps, STEPS);
  assertSame(directory, 'evaluation', { every: evaluateEvery, episodes }, EVALUATION);
  for (const [name, value] of Object.entries(HYPERPARAMETERS)) {
    assertSame(directory, name, hyperparameters[name], value);
  }
  assertComplete({ directory, protocol: { steps, evaluateEvery, episodes }, evaluations });
}
