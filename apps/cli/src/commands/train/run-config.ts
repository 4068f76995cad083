import type { Registry } from '@maxent/core';
import { type RunRequest as LibraryRequest, planRun, type RunPlan, replanRun } from '@maxent/library/runs';
import type { RunConfig } from '@maxent/training';
import { readSettings } from '../../arguments/settings.js';
import { restated } from '../../errors/restated.js';
import type { PluginSet } from '../../plugins/load-plugins.js';
import { recordedNames } from '../../plugins/run-plugins.js';

/** The command line's request for a run, with settings still as `key=value` texts. */
export interface RunRequest extends Omit<LibraryRequest, 'environment' | 'config' | 'environmentOptions'> {
  readonly env?: string | undefined;
  readonly set: readonly string[];
  readonly envSet: readonly string[];
}

/** The plan of a new run in a directory. Throws UnknownNameError and InvalidInputError, naming the option. */
export function newRunConfig(
  request: RunRequest,
  { registry, sources }: PluginSet,
  directory: string,
): RunPlan {
  return namingOptions(() =>
    planRun(settingsRead(request, request, registry), registry, recordedNames(sources, directory)),
  );
}

/**
 * The plan for resuming a run: the stored one, overridden by the command line. `requireResumable` decides whether they
 * are compatible.
 */
export function resumedRunConfig(stored: RunConfig, request: RunRequest, { registry }: PluginSet): RunPlan {
  const { agent, environment, family } = stored;
  const names = { agent: agent.name, [family ? 'family' : 'env']: environment.id };
  return namingOptions(() => replanRun(stored, settingsRead(request, names, registry), registry));
}

type Names = Pick<RunRequest, 'agent' | 'env' | 'family'>;

/**
 * The request with its settings read by the schemas of the named agent and environment. If one of them is missing or
 * differs from the stored run, nothing is read: the settings would not fit, and that error would hide what is wrong
 * with the name.
 */
function settingsRead(
  request: RunRequest,
  { agent, env, family }: Names,
  registry: Registry,
): LibraryRequest {
  const { env: environment, set, envSet, ...rest } = request;
  const read = { ...rest, environment };
  if (agent === undefined || (request.agent ?? agent) !== agent) return read;
  const config = readSettings(set, registry.agent(agent).config, 'agent', '--set');
  if ((env === undefined) === (family === undefined)) return { ...read, config };
  if ((environment ?? env) !== env || (request.family ?? family) !== family) return { ...read, config };
  const { options } = env === undefined ? registry.taskFamily(family!) : registry.environment(env);
  return { ...read, config, environmentOptions: readSettings(envSet, options, 'environment', '--env-set') };
}

/** The options for the library's names. */
const options: Readonly<Record<string, string>> = {
  agent: 'AGENT',
  environment: '--env',
  family: '--family',
  steps: '--steps',
  envs: '--envs',
  envWorkers: '--env-workers',
  evalEpisodes: '--eval-episodes',
};

function namingOptions<T>(work: () => T): T {
  return restated(work, namedAsOption);
}

/** Names the option instead of the library's name. */
export function namedAsOption(field: string, problem: string): [string, string] {
  return [
    options[field] ?? field.replace(/^config\./, 'agent.').replace(/^environmentOptions\./, 'environment.'),
    problem,
  ];
}
