import {
  type AgentDefinition,
  type EnvironmentDefinition,
  InvalidInputError,
  isMaxentError,
  parseUnknown,
  type Registry,
  requireCount,
  requireMemory,
  type TaskFamilyDefinition,
} from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { adaptationSettings } from './adaptation-settings.js';
import { resolveAgentConfig } from './agent-config.js';
import { runDefaults } from './run-defaults.js';
import type { RunPlan, RunRequest } from './run-request.js';

/** For `stopAt`: a single good evaluation may be luck. */
const CONSECUTIVE_EVALUATIONS = 2;

/** What one environment takes at the least: its state and observations, and the objects around them. */
const BYTES_PER_ENVIRONMENT = 2 ** 20;
const ENVIRONMENTS_LIMIT = 2 ** 32;

/**
 * The plan of a new run. `plugins` names the plugins that a reader of its `config.json` needs in addition to the
 * built-in ones. Throws UnknownNameError, and InvalidInputError with a key of the request as its field.
 */
export function planRun(request: RunRequest, registry: Registry, plugins: readonly string[] = []): RunPlan {
  const agent = registry.agent(required('agent', request.agent, 'such as sac'));
  const environment = worldOf(request, registry);
  const family = request.family !== undefined;
  const config = jsonObject(
    resolveAgentConfig(agent, {
      environmentId: presetOf(agent, environment.id, family),
      preset: request.preset,
      config: request.config ?? {},
    }),
  );
  const explorationEpisodes = family ? adaptationSettings(config).explorationEpisodes : 0;
  const { evalEvery, evalEpisodes, logEvery, checkpointEvery, seed } = {
    ...runDefaults,
    ...(family && { evalEpisodes: explorationEpisodes + 1 }),
    ...given(request),
  };
  // This check runs before anything is written: files left behind would block the corrected request.
  if (evalEpisodes < explorationEpisodes) {
    throw new InvalidInputError(
      'evalEpisodes',
      `expected at least ${explorationEpisodes}, the agent's explorationEpisodes, got ${evalEpisodes}; ` +
        `or set explorationEpisodes to ${evalEpisodes} or less`,
    );
  }
  return {
    format: 'maxent-run',
    formatVersion: 1,
    agent: { name: agent.name, config },
    environment: {
      id: environment.id,
      options: parseOptions(environment, request.environmentOptions ?? {}),
    },
    ...(family && { family }),
    ...(request.level && { level: request.level }),
    ...(request.from && { from: request.from }),
    steps: required('steps', request.steps, 'the number of steps to train for'),
    seed,
    ...severalOf(request.envs, agent, family),
    evaluation: { every: evalEvery, episodes: evalEpisodes, ...stopping(request.stopAt) },
    ...(request.evalMaxSteps !== undefined && { evalMaxSteps: request.evalMaxSteps }),
    logEvery,
    checkpointEvery,
    plugins: [...plugins],
  };
}

/**
 * The plan for resuming a run: the stored one, overridden by the request. Throws like `planRun`; `assertResumable` of
 * `@maxent/training/node` decides whether the run may continue with it.
 */
export function replanRun(stored: RunConfig, request: RunRequest, registry: Registry): RunPlan {
  const { environment: env, family } = request;
  // The settings of another agent or environment would not fit, and that error would hide what really differs.
  requireStarted('agent', stored.agent.name, request.agent);
  requireStarted('environment', stored.family ? undefined : stored.environment.id, env);
  requireStarted('family', stored.family ? stored.environment.id : undefined, family);
  requireStarted('envs', String(stored.envs ?? 1), request.envs?.toString());
  const agent = registry.agent(stored.agent.name);
  const environment = worldOf(
    env === undefined && family === undefined
      ? { [stored.family ? 'family' : 'environment']: stored.environment.id }
      : { environment: env, family },
    registry,
  );
  const config = resolveAgentConfig(agent, {
    environmentId: environment.id,
    preset: request.preset,
    config: request.config ?? {},
    base: request.preset === undefined ? stored.agent.config : undefined,
  });
  const { every, episodes, stopWhen } = stored.evaluation;
  const { backend: _, provenance: __, family: ___, ...plan } = stored;
  return {
    ...plan,
    ...(request.level && { level: request.level }),
    ...((family !== undefined || (env === undefined && stored.family)) && { family: true }),
    agent: { name: agent.name, config: jsonObject(config) },
    environment: {
      id: environment.id,
      options: parseOptions(environment, { ...stored.environment.options, ...request.environmentOptions }),
    },
    steps: request.steps ?? stored.steps,
    seed: request.seed ?? stored.seed,
    ...severalOf(stored.envs, agent, stored.family === true),
    evaluation: {
      every: request.evalEvery ?? every,
      episodes: request.evalEpisodes ?? episodes,
      ...(request.stopAt === undefined ? stopWhen && { stopWhen } : stopping(request.stopAt)),
    },
    ...(request.evalMaxSteps !== undefined && { evalMaxSteps: request.evalMaxSteps }),
    logEvery: request.logEvery ?? stored.logEvery,
    checkpointEvery: request.checkpointEvery ?? stored.checkpointEvery,
  };
}

/**
 * A stored configuration with the defaults of its agent and environment filled in, because a script that wrote it may
 * have left them out. Throws InvalidInputError, which names the key of `config.json`, for a setting that they do not
 * have.
 */
export function completeRunConfig(stored: RunConfig, registry: Registry): RunConfig {
  const { agent, environment, family } = stored;
  const world = family ? registry.taskFamily(environment.id) : registry.environment(environment.id);
  const { config: schema } = registry.agent(agent.name);
  try {
    const config = parseUnknown(schema, agent.config, 'agent.config');
    const options = parseUnknown(world.options, environment.options, 'environment.options');
    return {
      ...stored,
      agent: { name: agent.name, config: jsonObject(config) },
      environment: { id: environment.id, options: jsonObject(options) },
    };
  } catch (error) {
    if (!isMaxentError(error, 'INVALID_INPUT')) throw error;
    const { field, message } = error;
    throw new InvalidInputError(field, `in the run's config.json: ${message.slice(`${field}: `.length)}`, {
      cause: error,
    });
  }
}

/** Throws InvalidInputError if the agent cannot learn from so many environments at once. */
function severalOf(
  envs: number | undefined,
  agent: AgentDefinition,
  family: boolean,
): Pick<RunConfig, 'envs'> {
  if (envs === undefined || envs === 1) return {};
  requireCount('envs', envs);
  if (family) {
    throw new InvalidInputError(
      'envs',
      `expected 1 for a task family, got ${envs}: the agent chooses the task of each episode, one after the other`,
    );
  }
  if (agent.severalEnvironments !== true) {
    throw new InvalidInputError(
      'envs',
      `expected 1 for the agent ${agent.name}, got ${envs}: it does not say that it can learn from several environments at once ` +
        '(severalEnvironments in its definition)',
    );
  }
  requireMemory('envs', envs * BYTES_PER_ENVIRONMENT, ENVIRONMENTS_LIMIT, {
    what: `${envs} environments`,
    remedy: 'use fewer',
  });
  return { envs };
}

/** The value as `config.json` will give it back, so that a resumed run compares equal. */
function jsonObject(value: object): RunConfig['agent']['config'] {
  return JSON.parse(JSON.stringify(value));
}

function parseOptions(
  { options }: EnvironmentDefinition | TaskFamilyDefinition,
  given: Readonly<Record<string, unknown>>,
): RunConfig['environment']['options'] {
  return jsonObject(parseUnknown(options, given, 'environmentOptions'));
}

/** Throws InvalidInputError if a run is resumed with something other than it was started with. */
function requireStarted(field: string, before: string | undefined, now: string | undefined): void {
  if (now === undefined || now === before) return;
  const started = before === undefined ? 'without one' : `with ${before}`;
  throw new InvalidInputError(
    field,
    `the run was started ${started} and cannot be resumed with ${now}; leave it out, or start a new run in another directory`,
  );
}

/** The environment or the task family of a run. Throws unless exactly one is named. */
function worldOf(
  { environment, family }: Pick<RunRequest, 'environment' | 'family'>,
  registry: Registry,
): EnvironmentDefinition | TaskFamilyDefinition {
  if (family === undefined)
    return registry.environment(required('environment', environment, 'such as InvertedPendulum-v5'));
  if (environment !== undefined)
    throw new InvalidInputError('family', 'replaces the environment; give only one of the two');
  return registry.taskFamily(family);
}

/** The preset named like the environment; for a family, the one for two cores. */
function presetOf({ presets = {} }: AgentDefinition, id: string, family: boolean): string {
  const small = `two-core-${id}`;
  return family && Object.hasOwn(presets, small) ? small : id;
}

function stopping(returnAtLeast: number | undefined): Partial<RunConfig['evaluation']> {
  if (returnAtLeast === undefined) return {};
  return { stopWhen: { returnAtLeast, consecutive: CONSECUTIVE_EVALUATIONS } };
}

function required<T>(field: string, value: T | undefined, hint: string): T {
  if (value === undefined) throw new InvalidInputError(field, `is required: ${hint}`);
  return value;
}

/** Drops undefined keys, so that the defaults behind them apply. */
function given<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
