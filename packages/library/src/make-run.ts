import {
  type Agent,
  createAgent,
  type Environment,
  type GuardedEnvironment,
  guardEnvironment,
  type Registry,
  Rng,
} from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import type { LevelContext, LevelStack } from '@maxent/hierarchy';
import type { RunPlan } from './run-request.js';
import type { RunWatch } from './run-watch.js';

/**
 * An environment of a run, with its time limit and, in a hierarchy, the frozen levels below. If a level's action takes
 * several steps, an evaluation sums their rewards without discount; training discounts them. Its faults name the
 * environment.
 */
export async function makeRunEnvironment(
  registry: Registry,
  config: RunPlan,
  below: LevelStack | undefined,
  purpose: 'training' | 'evaluation',
  watch: RunWatch,
): Promise<GuardedEnvironment> {
  const { id, options } = config.environment;
  const environment = guardEnvironment(await makeEnvironment(registry.environment(id), options), watch);
  if (config.level === undefined || below === undefined) return environment;
  try {
    const discount = purpose === 'training' ? Number(config.agent.config.discount ?? 1) : 1;
    return guardEnvironment(below.embedIn(environment, config.level, discount), watch);
  } catch (error) {
    environment.close();
    throw error;
  }
}

/**
 * The run's new agent; in a hierarchy, with the frozen levels below, which stay the caller's. Throws SpaceMismatchError if it
 * does not support the environment's spaces.
 */
export async function makeRunAgent(
  registry: Registry,
  { agent, seed, level }: RunPlan,
  { observationSpace, actionSpace }: Pick<Environment, 'observationSpace' | 'actionSpace'>,
  below?: LevelStack | undefined,
): Promise<Agent> {
  const rng = Rng.fromSeed(seed).split('agent');
  const context: LevelContext = {
    ...{ observationSpace, actionSpace, rng },
    ...(level && below && { level: below.placeOf(level) }),
  };
  return createAgent(registry.agent(agent.name), context, agent.config);
}
