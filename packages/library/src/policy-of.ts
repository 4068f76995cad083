import { type Agent, InvalidStateError, type JsonObject, type PolicyDescription } from '@maxent/core';
import { encodePolicy, readPolicy, type TrainedPolicy } from '@maxent/policy';
import type { RunConfig } from '@maxent/training';

/**
 * All that acting needs of a run's agent, and where it comes from. Throws InvalidStateError for an agent that cannot
 * describe its policy.
 */
export function describePolicy(agent: Agent, config: RunConfig, steps: number): PolicyDescription {
  return withOrigin(policyIn(agent, config), config, steps);
}

function policyIn(agent: Agent, config: RunConfig): PolicyDescription {
  if (agent.describePolicy === undefined) {
    throw new InvalidStateError(
      `the agent ${config.agent.name} gives no policy that acts without it: it has no describePolicy. Act with the agent itself`,
    );
  }
  return agent.describePolicy();
}

/** A policy of a run, with where it comes from. */
export function withOrigin(policy: PolicyDescription, config: RunConfig, steps: number): PolicyDescription {
  const { environment, family, seed, provenance } = config;
  const origin: JsonObject = {
    [family ? 'family' : 'environment']: environment.id,
    options: environment.options,
    seed,
    steps,
    versions: provenance.versions,
  };
  return { ...policy, provenance: origin };
}

/** The policy of a run's agent, acting on typed arrays alone. Throws like `describePolicy`. */
export function policyOf<Observation, Action>(
  agent: Agent,
  config: RunConfig,
  steps: number,
): TrainedPolicy<Observation, Action> {
  return readPolicy(encodePolicy(describePolicy(agent, config, steps)));
}
