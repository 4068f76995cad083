import { type Agent, InvalidInputError, type PolicyDescription, type Registry } from '@maxent/core';
import type { LevelStack } from '@maxent/hierarchy';
import { loadAgent, type RunConfig, type StoredCheckpoint } from '@maxent/training';
import { makeFamilyRun } from './family-run.js';
import { makeRunAgent, makeRunEnvironment } from './make-run.js';
import { describePolicy, withOrigin } from './policy-of.js';
import type { RunWatch } from './run-watch.js';

export interface StoredPolicyOptions {
  readonly registry: Registry;
  /** The complete configuration; see `completeRunConfig`. */
  readonly config: RunConfig;
  readonly checkpoint: StoredCheckpoint;
  /** The frozen levels below the run, if it is a level of a hierarchy. */
  readonly below?: LevelStack | undefined;
}

/**
 * The policy of a stored run; for a level of a hierarchy, with the levels below it. A backend must already be chosen.
 * Throws what creating the run's environment and agent throws, DamagedDataError for a checkpoint without an agent, and
 * what `describePolicy` throws.
 */
export async function storedPolicy(options: StoredPolicyOptions): Promise<PolicyDescription> {
  const { registry, config, checkpoint, below } = options;
  const watch = { check: false, onWarning: () => undefined };
  if (config.family) {
    const { agent } = await makeFamilyRun(registry, config, watch);
    try {
      loadAgent(agent, checkpoint.snapshot);
      return describePolicy(agent, config, checkpoint.step);
    } finally {
      agent.dispose();
    }
  }
  if (config.level !== undefined && below === undefined) {
    throw new InvalidInputError(
      'below',
      `expected the ${config.level.below} frozen levels below the run, got none`,
    );
  }
  const environment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
  try {
    const agent = await makeRunAgent(registry, config, environment, below);
    try {
      loadAgent(agent, checkpoint.snapshot);
      if (below === undefined) return describePolicy(agent, config, checkpoint.step);
      return withOrigin(await stackPolicy(options, agent, below, watch), config, checkpoint.step);
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}

/** The agent and the levels below it, as one policy for the environment itself. */
async function stackPolicy(
  { registry, config }: StoredPolicyOptions,
  agent: Agent,
  below: LevelStack,
  watch: RunWatch,
): Promise<PolicyDescription> {
  const { isFlowAgent } = await import('@maxent/hierarchy');
  if (!isFlowAgent(agent)) {
    throw new InvalidInputError(
      'agent',
      `a level of a hierarchy needs an agent that trains a flow policy, such as lsp, not ${config.agent.name}`,
    );
  }
  const { sees, every } = config.level!;
  const environment = await makeRunEnvironment(registry, config, undefined, 'evaluation', watch);
  const policy = agent.freeze();
  try {
    return below.with({ policy, sees, every }).describePolicy(environment, config.agent.name);
  } finally {
    policy.dispose();
    environment.close();
  }
}
