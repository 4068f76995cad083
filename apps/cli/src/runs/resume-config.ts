import type { BackendName } from '@maxent/backend';
import { InvalidInputError, isMaxentError, parseConfig, type Registry } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { assertResumable } from '@maxent/training/node';

/**
 * The configuration of a stored run with the defaults of its agent and environment filled in: a script that wrote it
 * may have left them out. Throws InvalidInputError that names the key of `config.json` for a setting that they do not
 * take.
 */
export function completeRunConfig(stored: RunConfig, registry: Registry): RunConfig {
  const { agent, environment, family } = stored;
  const world = family ? registry.taskFamily(environment.id) : registry.environment(environment.id);
  const { config: schema } = registry.agent(agent.name);
  const config = ofConfigFile(() => parseConfig(schema, agent.config, 'agent.config'));
  const options = ofConfigFile(() => parseConfig(world.options, environment.options, 'environment.options'));
  return {
    ...stored,
    agent: { name: agent.name, config: jsonObject(config) },
    environment: { id: environment.id, options: jsonObject(options) },
  };
}

/** Throws InvalidInputError that names the option in which a run is asked to continue differently. */
export function requireResumable(stored: RunConfig, requested: RunConfig): void {
  restated(
    () => assertResumable(stored, requested),
    (field, problem) => [optionOf(field, requested), problem],
  );
}

/** Says of an error that it is about the run's file and not about what the user typed. */
function ofConfigFile<T>(work: () => T): T {
  return restated(work, (field, problem) => [field, `in the run's config.json: ${problem}`]);
}

function restated<T>(work: () => T, restate: (field: string, problem: string) => [string, string]): T {
  try {
    return work();
  } catch (error) {
    if (!isMaxentError(error, 'INVALID_INPUT')) throw error;
    const { field, message } = error;
    throw new InvalidInputError(...restate(field, message.slice(`${field}: `.length)), { cause: error });
  }
}

/** The backend that computed a run. Throws InvalidInputError for a name that a script made up. */
export function storedBackend({ backend }: RunConfig): BackendName {
  const known: readonly BackendName[] = ['native', 'wasm', 'cpu'];
  const found = known.find((name) => name === backend);
  if (found !== undefined) return found;
  throw new InvalidInputError(
    'backend',
    `in the run's config.json: expected ${known.join(', ')}, got ${JSON.stringify(backend)}: nothing here computes as the run was computed`,
  );
}

/** Whose wish a backend is: the user's, or that of the run which goes on. */
export function askedBy(backend: string | undefined): string {
  return backend === undefined ? 'the run that goes on' : '--backend';
}

/** The value as `config.json` will give it back, so that a resumed run compares equal. */
export function jsonObject(value: object): RunConfig['agent']['config'] {
  return JSON.parse(JSON.stringify(value));
}

const options: readonly (readonly [prefix: string, option: string])[] = [
  ['agent.name', 'AGENT'],
  ['agent.config', '--set'],
  ['environment.options', '--env-set'],
  ['evaluation.every', '--eval-every'],
  ['evaluation.episodes', '--eval-episodes'],
  ['evaluation.stopWhen', '--stop-at'],
  ['evalMaxSteps', '--eval-max-steps'],
  ['family', '--family'],
  ['steps', '--steps'],
  ['seed', '--seed'],
  ['logEvery', '--log-every'],
  ['checkpointEvery', '--checkpoint-every'],
  ['backend', '--backend'],
];

/** How the user writes what has this path in `config.json`. */
function optionOf(field: string, { family }: RunConfig): string {
  if (field === 'environment.id') return family ? '--family' : '--env';
  const found = options.find(([prefix]) => field === prefix || field.startsWith(`${prefix}.`));
  if (found === undefined) return field;
  const [prefix, option] = found;
  return option.endsWith('set') ? `${option} ${field.slice(prefix.length + 1)}` : option;
}
