import { type BackendName, type KernelChoice, selectBackend } from '@maxent/backend';

import { guardAgent, InvalidInputError } from '@maxent/core';
import { readLevelsBelow } from '@maxent/hierarchy/node';
import { completeRunConfig, makeRunAgent, makeRunEnvironment } from '@maxent/library/runs';
import { evaluate, loadAgent, restoreStatistics } from '@maxent/training';
import { actingCheckpoint } from '../../runs/acting-checkpoint.js';
import { episodeNotices } from '../../runs/episode-notices.js';
import { optionalFigures } from '../../runs/evaluation-fields.js';
import { pluginRun } from '../../runs/plugin-run.js';
import { readNamedRun } from '../../runs/run-directory.js';
import { watchOf } from '../../runs/watch.js';
import type { CommandContext } from '../command.js';
import type { EvalAnswer } from './answer.js';
import { namingSettings, withSettings } from './with-settings.js';

export interface EvaluateRunOptions {
  /** The run directory as the caller gave it. */
  readonly runDir: string;
  readonly episodes: number;
  /** `best`, `newest` (the default) or a step. */
  readonly checkpoint?: string | undefined;
  /** `key=value` texts: settings of the agent that replace the run's. */
  readonly set: readonly string[];
  readonly seed: number;
  readonly stochastic: boolean;
  /** Default: as in the run. */
  readonly evalMaxSteps?: number | undefined;
  /** Skips the closer check of the first episodes. */
  readonly noCheck: boolean;
  readonly backend?: BackendName | 'auto' | undefined;
  readonly kernels?: KernelChoice | undefined;
}

/** Evaluates a checkpoint of a run, which may still be in progress. */
export async function evaluateRun(
  {
    runDir,
    episodes,
    checkpoint,
    set,
    seed,
    stochastic,
    evalMaxSteps,
    noCheck,
    backend,
    kernels,
  }: EvaluateRunOptions,
  { io, runPlugins }: CommandContext,
): Promise<EvalAnswer> {
  const run = await readNamedRun(io, runDir);
  if (run.config.family) {
    throw new InvalidInputError(
      'runDir',
      `"${runDir}" is a run over a task family; use maxent adapt, which evaluates it in one task`,
    );
  }
  const stored = await actingCheckpoint(io, run, { runDir, checkpoint });
  const { registry } = await runPlugins({ runs: [pluginRun(run)] });
  await selectBackend({ prefer: backend, askedBy: '--backend', kernels });
  const config = completeRunConfig(run.config, registry);
  const below = await readLevelsBelow(run.directory, config);
  const watch = watchOf(io, noCheck);
  const environment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
  try {
    const { observationSpace, actionSpace } = environment;
    const made = await makeRunAgent(registry, withSettings(config, set, registry), environment, below);
    const agent = guardAgent(made, { observationSpace, actionSpace, ...watch });
    namingSettings(set, () => loadAgent(agent, stored.snapshot));
    restoreStatistics(environment, stored.snapshot);
    const result = await evaluate({
      policy: agent,
      environment,
      episodes,
      seed,
      deterministic: !stochastic,
      evalMaxSteps: evalMaxSteps ?? run.config.evalMaxSteps,
    });
    agent.dispose();
    const { returnMean, returnStd, returns, lengths } = result;
    for (const notice of episodeNotices(result)) io.writeError(`warning: ${notice}\n`);
    return {
      returnMean,
      returnStd,
      returns: [...returns],
      lengths: [...lengths],
      step: stored.step,
      ...optionalFigures(result),
    };
  } finally {
    environment.close();
    below?.dispose();
  }
}
