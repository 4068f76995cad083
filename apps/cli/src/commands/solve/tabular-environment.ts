import {
  createEnvironment,
  type Environment,
  type EnvironmentDefinition,
  InvalidInputError,
  parseConfig,
  parseUnknown,
  type Registry,
  type TabularMdp,
} from '@maxent/core';
import { readSettings } from '../../arguments/settings.js';
import { innermost } from '../../environments/innermost.js';

/**
 * The table of a named environment. Throws UnknownNameError, and InvalidInputError for an environment without a table.
 */
export async function readTabularEnvironment(
  registry: Registry,
  env: string,
  envSet: readonly string[],
): Promise<TabularMdp> {
  const definition = registry.environment(env);
  const settings = readSettings(envSet, definition.options, 'environment', '--env-set');
  const mdp = await mdpOf(definition, parseUnknown(definition.options, settings, 'environment'));
  if (mdp !== undefined) return mdp;
  const others = (await tabularIds(registry)).join(', ');
  throw new InvalidInputError('ENV', `${env} is not a tabular environment; these are: ${others}`);
}

async function mdpOf(
  definition: EnvironmentDefinition,
  options: Record<string, unknown>,
): Promise<TabularMdp | undefined> {
  const environment = await createEnvironment(definition, options);
  try {
    const inner: Environment & { readonly mdp?: TabularMdp } = innermost(environment);
    return inner.mdp;
  } finally {
    environment.close();
  }
}

/** The ids of the tabular environments, found by creating each one. */
async function tabularIds({ plugins }: Registry): Promise<string[]> {
  const ids: string[] = [];
  for (const definition of plugins.flatMap(({ environments = [] }) => environments)) {
    const mdp = await mdpOf(definition, parseConfig(definition.options, {})).catch(() => undefined);
    if (mdp !== undefined) ids.push(definition.id);
  }
  return ids;
}
