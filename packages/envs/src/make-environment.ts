import { createEnvironment, type Environment, type EnvironmentDefinition, parseConfig } from '@maxent/core';
import type { z } from 'zod';
import { TimeLimit } from './wrappers/time-limit.js';

/**
 * The environment that a definition describes, with its time limit. Throws InvalidInputError when `options` do not
 * fit the definition's schema, PluginError when the definition makes something else than an environment or throws, and
 * EnvironmentFaultError for spaces that are none.
 */
export async function makeEnvironment<Options extends z.ZodObject>(
  definition: EnvironmentDefinition<Options>,
  options?: z.input<Options>,
): Promise<Environment> {
  const environment = await createEnvironment(
    definition,
    parseConfig(definition.options, options ?? {}, definition.id),
  );
  const { maxEpisodeSteps } = definition;
  return maxEpisodeSteps === null ? environment : new TimeLimit(environment, maxEpisodeSteps);
}
