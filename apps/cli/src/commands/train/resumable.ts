import type { RunConfig } from '@maxent/training';
import { assertResumable } from '@maxent/training/node';
import { restated } from '../../errors/restated.js';

/** Throws InvalidInputError, which names the option that differs from the stored run. */
export function requireResumable(stored: RunConfig, requested: RunConfig): void {
  restated(
    () => assertResumable(stored, requested),
    (field, problem) => [optionOf(field, requested), problem],
  );
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
  ['envs', '--envs'],
  ['logEvery', '--log-every'],
  ['checkpointEvery', '--checkpoint-every'],
  ['backend', '--backend'],
];

/** The option for this path in `config.json`. */
function optionOf(field: string, { family }: RunConfig): string {
  if (field === 'environment.id') return family ? '--family' : '--env';
  const found = options.find(([prefix]) => field === prefix || field.startsWith(`${prefix}.`));
  if (found === undefined) return field;
  const [prefix, option] = found;
  return option.endsWith('set') ? `${option} ${field.slice(prefix.length + 1)}` : option;
}
