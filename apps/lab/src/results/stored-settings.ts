import { isDeepStrictEqual } from 'node:util';
import {
  type AgentDefinition,
  type EnvironmentDefinition,
  InvalidInputError,
  parseConfig,
  parseUnknown,
} from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { assertComplete } from './learning-run.js';
import type { FinishedRun } from './stored-seeds.js';

/** What a stored run must have been trained with; what is left out of settings and options has its default. */
export interface ExpectedSettings {
  readonly agent: Pick<AgentDefinition, 'name' | 'config'>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: Pick<EnvironmentDefinition, 'id' | 'options'>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Place in a hierarchy; absent for a run outside of one. */
  readonly level?: RunConfig['level'];
  readonly steps: number;
}

/** Throws InvalidInputError, with the run's directory as field, for the first setting that is another. */
export function assertSettings({ directory, config }: FinishedRun, expected: ExpectedSettings): void {
  const { agent, environment } = expected;
  assertSame(directory, 'agent', config.agent.name, agent.name);
  assertSame(directory, 'environment', config.environment.id, environment.id);
  assertSame(directory, 'steps', config.steps, expected.steps);
  assertSame(directory, 'level', config.level, expected.level);
  assertSameFields(
    directory,
    parseUnknown(agent.config, config.agent.config, directory),
    parseConfig(agent.config, expected.settings),
  );
  assertSameFields(
    directory,
    parseUnknown(environment.options, config.environment.options, directory),
    parseConfig(environment.options, expected.options ?? {}),
  );
}

interface ExpectedRun extends ExpectedSettings {
  readonly seed: number;
  readonly evaluation: RunConfig['evaluation'];
  /** How many returns an evaluation has. Default: one for each of its episodes. */
  readonly returns?: number;
}

/** Throws InvalidInputError, with the run's directory as field, unless it was trained like this and has all evaluations. */
export function assertRun(
  run: FinishedRun,
  { seed, evaluation, returns = evaluation.episodes, ...settings }: ExpectedRun,
): void {
  const { directory, config } = run;
  assertSettings(run, settings);
  assertSame(directory, 'seed', config.seed, seed);
  assertSame(directory, 'envs', config.envs, undefined);
  assertSame(directory, 'evaluation', config.evaluation, evaluation);
  assertSame(directory, 'evalMaxSteps', config.evalMaxSteps, undefined);
  const protocol = { steps: settings.steps, evaluateEvery: evaluation.every, episodes: returns };
  assertComplete({ ...run, protocol });
}

function assertSameFields(
  directory: string,
  found: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(expected)) assertSame(directory, name, found[name], value);
}

/** Throws InvalidInputError, with the run's directory as field. */
export function assertSame(directory: string, name: string, found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new InvalidInputError(
    directory,
    `expected ${name} ${JSON.stringify(expected) ?? 'absent'}, got ${JSON.stringify(found) ?? 'none'}`,
  );
}
