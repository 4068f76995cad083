import {
  type Environment,
  guardEnvironment,
  isRecord,
  type Plugin,
  PluginError,
  UnknownNameError,
} from '@maxent/core';
import { makeEnvironment } from '../make-environment.js';
import { closeQuietly } from '../vector/sync-vector-environment.js';
import type { ShareTask } from './protocol.js';

/** Makes the environments of one thread; `onWarning` hears of oddities in the first one. */
export async function makeShare(
  { module, id, options, count, guard }: ShareTask,
  onWarning?: (message: string) => void,
): Promise<Environment[]> {
  const definition = findDefinition((await import(module)) as Record<string, unknown>, module, id);
  const environments: Environment[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const environment = await makeEnvironment(definition, options);
      const hears = i === 0 ? onWarning : undefined;
      environments.push(guard ? guardEnvironment(environment, { ...guard, onWarning: hears }) : environment);
    }
    return environments;
  } catch (error) {
    for (const environment of environments) closeQuietly(environment);
    throw error;
  }
}

/** The definition of the environment with this id, from any plugin that the module exports. */
function findDefinition(exports: Record<string, unknown>, module: string, id: string) {
  const definitions = Object.values(exports)
    .flatMap((exported) => [exported, ...pluginsIn(exported)])
    .filter(isPlugin)
    .flatMap(({ environments }) => environments ?? []);
  if (definitions.length === 0) {
    throw new PluginError(`${module}: exports no plugin with environments; export one made by definePlugin`);
  }
  const found = definitions.find((definition) => definition.id === id);
  if (found === undefined) {
    throw new UnknownNameError(
      'environment',
      id,
      definitions.map((definition) => definition.id),
    );
  }
  return found;
}

/** The plugins of a configuration file, `defineConfig({ plugins })`. */
function pluginsIn(exported: unknown): readonly unknown[] {
  const plugins = isRecord(exported) ? exported.plugins : undefined;
  return Array.isArray(plugins) ? plugins : [];
}

function isPlugin(exported: unknown): exported is Plugin {
  return isRecord(exported) && Array.isArray(exported.environments);
}
