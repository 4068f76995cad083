import { type Agent, InvalidStateError, type JsonObject, type PolicyDescription } from '@maxent/core';
import { encodePolicy, readPolicy, type TrainedPolicy } from '@maxent/policy';
import type { RunConfig } from '@maxent/training';

/**
 * Everything that acting needs from a run's agent, and its origin. Throws InvalidStateError if the agent cannot
 * describe its policy.
 */
export function describePolicy(agent: Agent, config: RunConfig, steps: number): PolicyDescription {
  return withOrigin(policyIn(agent, config), config, steps);
}

function policyIn(agent: Agent, config: RunConfig): PolicyDescription {
  if (agent.describePolicy === undefined) {
    throw new InvalidStateError(
      `the agent ${config.agent.name} has no describePolicy, so its policy cannot act without it. Act with the agent itself`,
    );
  }
  return agent.describePolicy();
}

/** A run's policy with its origin. */
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

/** The policy of a run's agent, which acts on typed arrays alone. Throws like `describePolicy`. */
export function policyOf<Observation, Action>(
  agent: Agent,
  config: RunConfig,
  steps: number,
): TrainedPolicy<Observation, Action> {
  return readPolicy(encodePolicy(describePolicy(agent, config, steps)));
}
