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
 * The environment that a definition describes, with its time limit. Throws InvalidInputError if `options` do not fit
 * the definition's schema; PluginError if the definition has no usable time limit, throws, or makes something other
 * than an environment; and EnvironmentFaultError if the environment's spaces are not spaces.
 */
export async function makeEnvironment<Options extends z.ZodObject, Env extends Environment = Environment>(
  definition: EnvironmentDefinition<Options, Env>,
  options?: z.input<Options>,
): Promise<EnvironmentLike<Env>> {
  const { maxEpisodeSteps } = definition;
  if (maxEpisodeSteps !== null && !(Number.isSafeInteger(maxEpisodeSteps) && maxEpisodeSteps > 0)) {
    throw new PluginError(
      `${definition.id}: maxEpisodeSteps is ${showValue(maxEpisodeSteps)}; expected the number of steps after which an ` +
        'episode ends, a positive integer, or null for no limit. Correct the plugin.',
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
