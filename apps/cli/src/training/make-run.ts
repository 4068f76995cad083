import { type Agent, type Environment, type Registry, Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import type { LevelStack } from '@maxent/hierarchy';
import type { RunPlan } from './run-config.js';

/**
 * An environment of a run, with its time limit and, in a hierarchy, the frozen levels below. An evaluation adds rewards
 * up plainly where a level's action stands for several steps; training discounts them.
 */
export async function makeRunEnvironment(
  registry: Registry,
  config: RunPlan,
  below: LevelStack | undefined,
  purpose: 'training' | 'evaluation',
): Promise<Environment> {
  const { id, options } = config.environment;
  const environment = await makeEnvironment(registry.environment(id), options);
  if (config.level === undefined || below === undefined) return environment;
  try {
    const discount = purpose === 'training' ? Number(config.agent.config.discount ?? 1) : 1;
    return below.embedIn(environment, config.level, discount);
  } catch (error) {
    environment.close();
    throw error;
  }
}

/** The run's agent as it starts. Throws SpaceMismatchError when it does not support the environment's spaces. */
export async function makeRunAgent(
  registry: Registry,
  { agent, seed }: RunPlan,
  { observationSpace, actionSpace }: Environment,
): Promise<Agent> {
  const rng = Rng.fromSeed(seed).split('agent');
  return registry.agent(agent.name).create({ observationSpace, actionSpace, rng }, agent.config);
}
