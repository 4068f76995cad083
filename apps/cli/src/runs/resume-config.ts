import { InvalidInputError, isMaxentError } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { assertResumable } from '@maxent/training/node';

/** Throws InvalidInputError that names the option in which a run is asked to continue differently. */
export function requireResumable(stored: RunConfig, requested: RunConfig): void {
  restated(
    () => assertResumable(stored, requested),
    (field, problem) => [optionOf(field, requested), problem],
  );
}

/** Runs `work`; an InvalidInputError from it gets another field and problem. */
export function restated<T>(work: () => T, restate: (field: string, problem: string) => [string, string]): T {
  try {
    return work();
  } catch (error) {
    if (!isMaxentError(error, 'INVALID_INPUT')) throw error;
    const { field, message } = error;
    throw new InvalidInputError(...restate(field, message.slice(`${field}: `.length)), { cause: error });
  }
}

/** Whose wish a backend is: the user's, or that of the run which goes on. */
export function askedBy(backend: string | undefined): string {
  return backend === undefined ? 'the run that goes on' : '--backend';
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
