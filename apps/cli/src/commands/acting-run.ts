import { type BackendName, type KernelChoice, selectBackend } from '@maxent/backend';
import { type Agent, guardAgent, InvalidInputError, type Registry } from '@maxent/core';
import { readLevelsBelow } from '@maxent/hierarchy/node';
import { completeRunConfig, makeRunAgent, makeRunEnvironment, type RunPlan } from '@maxent/library/runs';
import { loadAgent, type RunConfig, restoreStatistics, type StoredCheckpoint } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import type { PluginSet } from '../plugins/load-plugins.js';
import { pluginRun } from '../runs/plugin-run.js';
import { readNamedRun } from '../runs/run-directory.js';
import { type CommandWatch, watchOf } from '../runs/watch.js';
import type { CommandContext } from './command.js';

/** What commands that act with a policy which a run kept are given. */
export interface ActingOptions {
  /** The run directory as the caller gave it. */
  readonly runDir: string;
  /** `best`, `newest` or a step. */
  readonly checkpoint?: string | undefined;
  readonly seed: number;
  readonly stochastic: boolean;
  /** Default: as in the run, or the limit of its environment or task family. */
  readonly evalMaxSteps?: number | undefined;
  /** Skips the closer check of the first episodes. */
  readonly noCheck: boolean;
  readonly backend?: BackendName | 'auto' | undefined;
  readonly kernels?: KernelChoice | undefined;
}

/** How one command differs from another. */
export interface ActingPlan {
  /** What to use for a run over a task family: the end of a sentence that begins with `use`. */
  readonly forFamilies: string;
  readonly chooseCheckpoint: (run: StoredRun) => Promise<StoredCheckpoint>;
  /** The plan to make the agent by. Default: the run's own. */
  readonly planAgent?: (config: RunConfig, registry: Registry) => RunPlan;
  /** Runs `load`, which gives the agent what it has learned. Default: only that. */
  readonly loading?: (load: () => void) => void;
}

/** Where the plugins of the run come from. */
export interface ActingContext extends Pick<CommandContext, 'io'> {
  readonly runPlugins: (
    runs: Parameters<CommandContext['runPlugins']>[0],
  ) => Promise<Pick<PluginSet, 'registry'>>;
}

/** A policy that a run kept, and an environment like the run's. */
export interface ActingRun {
  readonly config: RunConfig;
  /** The environment step of the checkpoint. */
  readonly step: number;
  readonly environment: Awaited<ReturnType<typeof makeRunEnvironment>>;
  readonly agent: Agent;
  /** The agent, guarded. */
  readonly policy: Agent;
  readonly watch: CommandWatch;
  readonly backend: BackendName;
}

/**
 * Makes the environment and the agent of a run, on the levels below it if it is a level of a hierarchy, for as long as `act`
 * takes.
 */
export async function withActingRun<T>(
  { runDir, noCheck, backend, kernels }: ActingOptions,
  { forFamilies, chooseCheckpoint, planAgent = (config) => config, loading = (load) => load() }: ActingPlan,
  { io, runPlugins }: ActingContext,
  act: (acting: ActingRun) => Promise<T>,
): Promise<T> {
  const run = await readNamedRun(io, runDir);
  if (run.config.family) {
    throw new InvalidInputError('runDir', `"${runDir}" is a run over a task family; use ${forFamilies}`);
  }
  const stored = await chooseCheckpoint(run);
  const { registry } = await runPlugins({ runs: [pluginRun(run)] });
  const { name } = await selectBackend({ prefer: backend, askedBy: '--backend', kernels });
  const config = completeRunConfig(run.config, registry);
  const below = await readLevelsBelow(run.directory, config);
  const watch = watchOf(io, noCheck);
  const environment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
  try {
    const { observationSpace, actionSpace } = environment;
    const agent = await makeRunAgent(registry, planAgent(config, registry), environment, below);
    const policy = guardAgent(agent, { observationSpace, actionSpace, ...watch });
    loading(() => loadAgent(policy, stored.snapshot));
    restoreStatistics(environment, stored.snapshot);
    const acted = await act({ config, step: stored.step, environment, agent, policy, watch, backend: name });
    agent.dispose();
    return acted;
  } finally {
    environment.close();
    below?.dispose();
  }
}
