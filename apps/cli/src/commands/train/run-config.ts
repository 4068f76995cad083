import type { BackendReport } from '@maxent/backend';
import {
  type AgentDefinition,
  type EnvironmentDefinition,
  InvalidInputError,
  parseConfig,
  type Registry,
  type TaskFamilyDefinition,
} from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { readSettings } from '../../arguments/settings.js';
import type { PluginSet } from '../../plugins/load-plugins.js';
import { recordedNames } from '../../plugins/run-plugins.js';
import { adaptationSettings } from '../../runs/adaptation-settings.js';
import { provenance } from '../../runs/provenance.js';
import { jsonObject } from '../../runs/resume-config.js';
import { resolveAgentConfig } from './agent-config.js';
import { runDefaults } from './run-defaults.js';

/** What the command line says about a run; what it leaves out comes from `runDefaults` or the run to be resumed. */
export interface RunRequest {
  readonly agent?: string | undefined;
  readonly env?: string | undefined;
  /** Id of a task family, in place of `env`. */
  readonly family?: string | undefined;
  readonly preset?: string | undefined;
  readonly set: readonly string[];
  readonly envSet: readonly string[];
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  readonly evalEvery?: number | undefined;
  readonly evalEpisodes?: number | undefined;
  readonly evalMaxSteps?: number | undefined;
  readonly logEvery?: number | undefined;
  readonly checkpointEvery?: number | undefined;
  readonly stopAt?: number | undefined;
  /** Place in a hierarchy. */
  readonly level?: RunConfig['level'];
}

/** `--stop-at`: one good evaluation may be luck. */
const CONSECUTIVE_EVALUATIONS = 2;

/** A run's configuration before it is known what will compute it. */
export type RunPlan = Omit<RunConfig, 'backend' | 'provenance'>;

/** The configuration of a run that this backend computes. */
export function computedBy(plan: RunPlan, backend: BackendReport): RunConfig {
  return { ...plan, backend: backend.name, provenance: provenance(backend) };
}

/** The plan of a new run in a directory. Throws UnknownNameError and InvalidInputError, naming the option. */
export function newRunConfig(
  request: RunRequest,
  { registry, sources }: PluginSet,
  directory: string,
): RunPlan {
  const agent = registry.agent(required('AGENT', request.agent, 'such as sac'));
  const environment = worldOf(request, registry);
  const family = request.family !== undefined;
  const config = jsonObject(
    resolveAgentConfig(agent, presetOf(agent, environment.id, family), request.preset, request.set),
  );
  const explorationEpisodes = family ? adaptationSettings(config).explorationEpisodes : 0;
  const { evalEvery, evalEpisodes, logEvery, checkpointEvery, seed } = {
    ...runDefaults,
    ...(family && { evalEpisodes: explorationEpisodes + 1 }),
    ...given(request),
  };
  // Here, before a directory is written that the corrected command would then find in its way.
  if (evalEpisodes < explorationEpisodes) {
    throw new InvalidInputError(
      '--eval-episodes',
      `expected at least ${explorationEpisodes}, which is explorationEpisodes, got ${evalEpisodes}; ` +
        `--set explorationEpisodes=${evalEpisodes} is another way`,
    );
  }
  const options = readSettings(request.envSet, environment.options, 'environment', '--env-set');
  return {
    format: 'maxent-run',
    formatVersion: 1,
    agent: {
      name: agent.name,
      config,
    },
    environment: {
      id: environment.id,
      options: jsonObject(parseConfig(environment.options, options, 'environment')),
    },
    ...(family && { family }),
    ...(request.level && { level: request.level }),
    steps: required('--steps', request.steps, 'the number of steps to train for'),
    seed,
    evaluation: { every: evalEvery, episodes: evalEpisodes, ...stopping(request.stopAt) },
    ...(request.evalMaxSteps !== undefined && { evalMaxSteps: request.evalMaxSteps }),
    logEvery,
    checkpointEvery,
    plugins: recordedNames(sources, directory),
  };
}

/**
 * The plan that a run is asked to continue with: the stored one with what the command line says laid over
 * it. `requireResumable` decides whether they are compatible.
 */
export function resumedRunConfig(stored: RunConfig, request: RunRequest, { registry }: PluginSet): RunPlan {
  const { env, family } = request;
  // The settings of another agent or environment would not fit, which would hide what differs.
  requireStarted('AGENT', stored.agent.name, request.agent);
  requireStarted('--env', stored.family ? undefined : stored.environment.id, env);
  requireStarted('--family', stored.family ? stored.environment.id : undefined, family);
  const agent = registry.agent(stored.agent.name);
  const environment = worldOf(
    env === undefined && family === undefined
      ? { [stored.family ? 'family' : 'env']: stored.environment.id }
      : { env, family },
    registry,
  );
  const base = request.preset === undefined ? stored.agent.config : undefined;
  const config = resolveAgentConfig(agent, environment.id, request.preset, request.set, base);
  const options = readSettings(request.envSet, environment.options, 'environment', '--env-set');
  const { every, episodes, stopWhen } = stored.evaluation;
  const { backend: _, provenance: __, family: ___, ...plan } = stored;
  return {
    ...plan,
    ...(request.level && { level: request.level }),
    ...((family !== undefined || (env === undefined && stored.family)) && { family: true }),
    agent: { name: agent.name, config: jsonObject(config) },
    environment: {
      id: environment.id,
      options: jsonObject(
        parseConfig(environment.options, { ...stored.environment.options, ...options }, 'environment'),
      ),
    },
    steps: request.steps ?? stored.steps,
    seed: request.seed ?? stored.seed,
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

/** Throws InvalidInputError when a run is asked to go on with something else than it was started with. */
function requireStarted(option: string, before: string | undefined, now: string | undefined): void {
  if (now === undefined || now === before) return;
  const started = before === undefined ? `without ${option}` : `with ${before}`;
  throw new InvalidInputError(
    option,
    `the run was started ${started} and cannot be resumed with ${now}; leave it out, or start a new run in another directory`,
  );
}

/** The environment or the task family that a run is in. Throws unless exactly one is named. */
function worldOf(
  { env, family }: Pick<RunRequest, 'env' | 'family'>,
  registry: Registry,
): EnvironmentDefinition | TaskFamilyDefinition {
  if (family === undefined)
    return registry.environment(required('--env', env, 'such as InvertedPendulum-v5'));
  if (env !== undefined)
    throw new InvalidInputError('--family', 'takes the place of --env: give one of them');
  return registry.taskFamily(family);
}

/** The preset that is named like the environment, or says that it fits two cores where it is a family. */
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

/** Without the keys that are undefined, so that defaults below them are seen. */
function given<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
