import { type Agent, type Environment, type Registry, Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import type { RunConfig } from '@maxent/training';

/** An environment of a run, with its time limit. */
export function makeRunEnvironment(registry: Registry, { environment }: RunConfig): Promise<Environment> {
  return makeEnvironment(registry.environment(environment.id), environment.options);
}

/** The run's agent as it starts. Throws SpaceMismatchError when it does not support the environment's spaces. */
export async function makeRunAgent(
  registry: Registry,
  { agent, seed }: RunConfig,
  { observationSpace, actionSpace }: Environment,
): Promise<Agent> {
  const rng = Rng.fromSeed(seed).split('agent');
  return registry.agent(agent.name).create({ observationSpace, actionSpace, rng }, agent.config);
}
