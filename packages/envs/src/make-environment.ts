import {
  createEnvironment,
  type Environment,
  type EnvironmentDefinition,
  type EnvironmentLike,
  PluginError,
  parseUnknown,
  showValue,
} from '@maxent/core';
import type * as z from 'zod';
import { TimeLimit } from './wrappers/time-limit.js';

/**
 * The environment that a definition describes, with its time limit. Throws InvalidInputError when `options` do not
 * fit the definition's schema, PluginError when the definition has no usable time limit, makes something else than an
 * environment or throws, and EnvironmentFaultError for spaces that are none.
 */
export async function makeEnvironment<Options extends z.ZodObject, Env extends Environment = Environment>(
  definition: EnvironmentDefinition<Options, Env>,
  options?: z.input<Options>,
): Promise<EnvironmentLike<Env>> {
  const { maxEpisodeSteps } = definition;
  if (maxEpisodeSteps !== null && !(Number.isSafeInteger(maxEpisodeSteps) && maxEpisodeSteps > 0)) {
    throw new PluginError(
      `${definition.id}: maxEpisodeSteps is ${showValue(maxEpisodeSteps)}; give a positive integer of steps after which an ` +
        'episode ends, or null for no limit. Correct the plugin.',
    );
  }
  const environment = await createEnvironment(
    definition,
    parseUnknown(definition.options, options ?? {}, definition.id),
  );
  const limited: Environment =
    maxEpisodeSteps === null ? environment : new TimeLimit(environment, maxEpisodeSteps);
  return limited as EnvironmentLike<Env>;
}
