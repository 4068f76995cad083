import {
  type AgentDefinition,
  type AgentDefinitionOf,
  type EnvironmentDefinition,
  InvalidInputError,
  isRecord,
  type MadeBy,
  type RunListener,
  showValue,
  type TaskFamilyDefinition,
} from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { platform } from '#platform';
import { builtInAgent, builtInWorld, isTaskFamily, registryOf } from './built-in.js';
import type { DoneIn, NamedAgent, NamedWorld, SeenIn, WorldDefinitionOf } from './named.js';
import { completeRunConfig, planRun, replanRun } from './plan-run.js';
import type { OpenedStorage, ResumedConfig } from './platform/platform.js';
import { startRun } from './start-run.js';
import { requireTrainOptions, type TrainOptions } from './train-options.js';
import { TrainedRun } from './trained-run.js';

/**
 * Trains an agent in an environment, or over a family of tasks, and returns once it is done. Both are given by name or
 * as definitions, such as a plugin's. Options that are left out have the command line's defaults.
 *
 * Without `out` nothing is stored. With it, if the process ends at any instant, at most the work since the last
 * checkpoint is lost, and the same call with `resume: true` continues from there. An abort by `signal` ends the run
 * after the current step and a checkpoint, with outcome `interrupted`.
 *
 * Throws InvalidInputError, which names the argument at fault, UnknownNameError with the nearest known names,
 * SpaceMismatchError if the agent does not support the environment, DivergenceError, and what the storage throws.
 */
export async function train<Agent extends NamedAgent, World extends NamedWorld>(
  agent: Agent,
  environment: World,
  options: TrainOptions<AgentDefinitionOf<Agent>, WorldDefinitionOf<World>>,
): Promise<TrainedRun<MadeBy<AgentDefinitionOf<Agent>>, SeenIn<World>, DoneIn<World>>> {
  const agentDefinition = await agentOf(agent);
  const world = await worldOf(environment);
  const {
    out,
    resume,
    signal,
    backend,
    kernels,
    threads,
    envWorkers,
    check,
    onWarning,
    onEvaluation,
    onMetrics,
    onEvent,
    ...request
  } = requireTrainOptions(options);
  // biome-ignore lint/suspicious/noConsole: a warning must be seen even if nobody listens for it.
  const warn = onWarning ?? ((message: string) => console.warn(`maxent: ${message}`));
  const listener: RunListener = (event) => {
    onEvent?.(event);
    if (event.type === 'evaluation') onEvaluation?.(event.evaluation);
    if (event.type === 'metrics') onMetrics?.(event);
    if (event.type === 'warning') warn(event.message);
  };
  const registry = registryOf(agentDefinition, world);
  const named = {
    ...request,
    agent: agentDefinition.name,
    [isTaskFamily(world) ? 'family' : 'environment']: world.id,
  };
  const written = resume && typeof out === 'string' ? await platform.readStoredConfig(out) : undefined;
  const before = written && { written, complete: completeRunConfig(written, registry) };
  const stored = before?.complete;
  const finished = await startRun({
    registry,
    plan: stored === undefined ? planRun(named, registry) : replanRun(stored, named, registry),
    stored,
    resume,
    open: out === undefined ? undefined : (config) => open(out, config, before),
    watch: { check, onWarning: warn },
    backend,
    kernels,
    threads,
    envWorkers,
    signal,
    listeners: [listener],
    onNotice: warn,
  });
  return new TrainedRun(finished);
}

async function agentOf(agent: unknown): Promise<AgentDefinition> {
  if (typeof agent === 'string') return builtInAgent(agent);
  if (isDefinition(agent, 'name')) return agent as AgentDefinition;
  throw new InvalidInputError(
    'agent',
    `expected the name of an agent, such as "sac", or a definition made by defineAgent, got ${showValue(agent)}; ${EXAMPLE}`,
  );
}

async function worldOf(world: unknown): Promise<EnvironmentDefinition | TaskFamilyDefinition> {
  if (typeof world === 'string') return builtInWorld(world);
  if (isDefinition(world, 'id')) return world as EnvironmentDefinition | TaskFamilyDefinition;
  throw new InvalidInputError(
    'environment',
    `expected the id of an environment or a task family, such as "Pendulum-v1", or a definition made by defineEnvironment or defineTaskFamily, got ${showValue(world)}; ${EXAMPLE}`,
  );
}

const EXAMPLE = "write train('sac', 'Pendulum-v1', { steps: 6000 })";

/** `definePlugin`, which it goes through next, checks it in detail. */
function isDefinition(value: unknown, key: 'name' | 'id'): boolean {
  return isRecord(value) && typeof value[key] === 'string';
}

async function open(
  out: NonNullable<TrainOptions['out']>,
  config: RunConfig,
  before: ResumedConfig | undefined,
): Promise<OpenedStorage> {
  if (typeof out === 'string') return platform.openDirectory(out, config, before);
  // The caller that created the storage closes it.
  return { storage: out, close: async () => undefined };
}
