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
import type { LevelStack } from '@maxent/hierarchy';
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

/** The run's new agent. Throws SpaceMismatchError if it does not support the environment's spaces. */
export async function makeRunAgent(
  registry: Registry,
  { agent, seed }: RunPlan,
  { observationSpace, actionSpace }: Pick<Environment, 'observationSpace' | 'actionSpace'>,
): Promise<Agent> {
  const rng = Rng.fromSeed(seed).split('agent');
  return createAgent(registry.agent(agent.name), { observationSpace, actionSpace, rng }, agent.config);
}
