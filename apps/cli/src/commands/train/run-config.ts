import type { Registry } from '@maxent/core';
import { type RunRequest as LibraryRequest, planRun, type RunPlan, replanRun } from '@maxent/library/runs';
import type { RunConfig } from '@maxent/training';
import { readSettings } from '../../arguments/settings.js';
import { restated } from '../../errors/restated.js';
import type { PluginSet } from '../../plugins/load-plugins.js';
import { recordedNames } from '../../plugins/run-plugins.js';

/** What the command line says about a run, settings still as `key=value` texts. */
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
 * The plan that a run is asked to continue with: the stored one with what the command line says laid over
 * it. `requireResumable` decides whether they are compatible.
 */
export function resumedRunConfig(stored: RunConfig, request: RunRequest, { registry }: PluginSet): RunPlan {
  const { agent, environment, family } = stored;
  const names = { agent: agent.name, [family ? 'family' : 'env']: environment.id };
  return namingOptions(() => replanRun(stored, settingsRead(request, names, registry), registry));
}

type Names = Pick<RunRequest, 'agent' | 'env' | 'family'>;

/**
 * The request with its texts read by the schemas of what is named. Where that is missing or another than the request
 * names, nothing is read: the settings would not fit, which would hide what is wrong with the name.
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

/** How a user writes what the library calls by these names. */
const options: Readonly<Record<string, string>> = {
  agent: 'AGENT',
  environment: '--env',
  family: '--family',
  steps: '--steps',
  evalEpisodes: '--eval-episodes',
};

function namingOptions<T>(work: () => T): T {
  return restated(work, (field, problem) => [
    options[field] ?? field.replace(/^config\./, 'agent.').replace(/^environmentOptions\./, 'environment.'),
    problem,
  ]);
}
