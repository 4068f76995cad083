import { type BackendName, type KernelChoice, selectBackend } from '@maxent/backend';
import { guardAgent, InvalidInputError } from '@maxent/core';
import { type Level, LevelStack, settingNotCarried } from '@maxent/hierarchy';
import { originOf, readLevelsBelow, readTopRun } from '@maxent/hierarchy/node';
import {
  completeRunConfig,
  makeRunAgent,
  makeRunEnvironment,
  type RunPlan,
  storedBackend,
} from '@maxent/library/runs';
import { loadAgent, type RunConfig, type StoredCheckpoint } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import { restatement } from '../../../errors/restated.js';
import type { PluginSet } from '../../../plugins/load-plugins.js';
import { recordedNames } from '../../../plugins/run-plugins.js';
import { resolvePath } from '../../../process/paths.js';
import { pluginRun } from '../../../runs/plugin-run.js';
import { type CommandWatch, watchOf } from '../../../runs/watch.js';
import type { CommandContext } from '../../command.js';
import type { TrainAnswer } from '../answer.js';
import { type RunRequest, resumedRunConfig } from '../run-config.js';
import { trainRun } from '../train-run.js';
import { canContinue, frozenLevel } from './frozen-level.js';

export interface ForkLevelOptions {
  readonly request: RunRequest;
  /** The value of `--from`. */
  readonly from: string;
  /** Step of the checkpoint; default the newest. */
  readonly checkpoint: number | undefined;
  /** The new run directory as the caller gave it. */
  readonly out: string;
  readonly noCheck: boolean;
  readonly backend?: BackendName | 'auto' | undefined;
  readonly kernels?: KernelChoice | undefined;
  readonly threads?: number | undefined;
  readonly envWorkers?: number | undefined;
}

/**
 * Trains, in a run directory of its own, a level that continues the policy of another run from one of its checkpoints. What
 * the request leaves out is as in that run. Throws InvalidInputError, which names the option, if the run cannot be continued
 * so.
 */
export async function forkLevel(options: ForkLevelOptions, context: CommandContext): Promise<TrainAnswer> {
  const { request, from, checkpoint, out, noCheck, backend, kernels, threads, envWorkers } = options;
  const { io } = context;
  const source = await namingFrom(() => readTopRun(resolvePath(io, from)));
  const plugins = await context.runPlugins({ runs: [pluginRun(source)] });
  const config = completeRunConfig(source.config, plugins.registry);
  const directory = resolvePath(io, out);
  const step = await namingFrom(() => stepOf(source, from, checkpoint));
  const plan: RunPlan = {
    ...planFork(config, request, plugins),
    from: originOf(directory, source.directory, step),
    plugins: recordedNames(plugins.sources, directory),
  };
  const computing = { backend: backend ?? storedBackend(config), kernels, threads };
  await selectBackend({
    prefer: computing.backend,
    askedBy: backend === undefined ? 'the run of --from' : '--backend',
    kernels,
    threads,
  });
  const below = (await readLevelsBelow(source.directory, config)) ?? new LevelStack();
  try {
    const stored = await source.actingCheckpoint(step);
    const level = await levelOf(config, stored!, below, plugins, watchOf(io, noCheck));
    try {
      const stack = below.with(level);
      io.writeError(`continues checkpoint ${step} of "${from}"\n`);
      return await trainRun(
        { request, plan, out, resume: false, noCheck, below: stack, plugins, ...computing, envWorkers },
        context,
      );
    } finally {
      level.policy.dispose();
    }
  } finally {
    below.dispose();
  }
}

/** Throws InvalidInputError if there is no such checkpoint with its experience. */
async function stepOf(source: StoredRun, from: string, checkpoint: number | undefined): Promise<number> {
  if (checkpoint !== undefined) return (await source.checkpointAt(checkpoint)).step;
  const newest = await source.latestCheckpoint();
  if (newest !== undefined) return newest.step;
  throw new InvalidInputError('runDir', `"${from}" has no checkpoint yet`);
}

/** The plan of a level on top of a run: the run's own, with what is requested. */
function planFork(config: RunConfig, request: RunRequest, plugins: PluginSet): RunPlan {
  const { agent, environment, level, family } = config;
  if (family) {
    throw new InvalidInputError(
      '--from',
      'is a run over a task family; a level is trained in an environment',
    );
  }
  const { preset } = request;
  if (preset !== undefined) {
    throw new InvalidInputError('--preset', `cannot be given with --from: settings are the run's; use --set`);
  }
  if (request.steps === undefined) {
    throw new InvalidInputError('--steps', 'is required: the number of steps of the new level');
  }
  requireAgreement('AGENT', agent.name, request.agent);
  requireAgreement('--env', environment.id, request.env);
  requireAgreement('--family', 'none', request.family);
  requireAgreement('--envs', config.envs ?? 1, request.envs);
  const plan = resumedRunConfig(config, request, plugins);
  const options = plan.environment.options;
  for (const [name, value] of Object.entries(environment.options)) {
    requireAgreement(`--env-set ${name}`, JSON.stringify(value), JSON.stringify(options[name]));
  }
  const setting = settingNotCarried(agent.config, plan.agent.config);
  if (setting !== undefined) {
    const [before, now] = [agent.config, plan.agent.config].map((own) => JSON.stringify(own[setting]));
    requireAgreement(`--set ${setting}`, before!, now);
  }
  return {
    ...plan,
    level: {
      below: (level?.below ?? 0) + 1,
      sees: level?.sees ?? null,
      every: 1,
      continued: (level?.continued ?? 0) + 1,
    },
  };
}

function requireAgreement(option: string, before: string | number, now: string | number | undefined): void {
  if (now === undefined || now === before) return;
  throw new InvalidInputError(
    option,
    `expected ${before}, as in the run of --from, got ${now}: a level continues a run with the same environment, reward, ` +
      'view and critics; leave it out',
  );
}

/** The level that a run has trained, frozen. */
async function levelOf(
  config: RunConfig,
  checkpoint: StoredCheckpoint,
  below: LevelStack,
  { registry }: PluginSet,
  watch: CommandWatch,
): Promise<Level> {
  const environment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
  try {
    const agent = await makeRunAgent(registry, config, environment, below);
    const { observationSpace, actionSpace } = environment;
    try {
      if (!canContinue(agent)) {
        throw new InvalidInputError(
          '--from',
          `needs a run of an agent that can continue a level, such as lsp, not ${config.agent.name}`,
        );
      }
      loadAgent(guardAgent(agent, { observationSpace, actionSpace, ...watch }), checkpoint.snapshot);
      return frozenLevel(agent, config);
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}

async function namingFrom<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw restatement(error, (field, problem) => [
      field === 'checkpoint' ? '--checkpoint' : '--from',
      problem,
    ]);
  }
}
