import type { PolicyDescription, Registry } from '@maxent/core';
import type { LevelStack } from '@maxent/hierarchy';
import { loadAgent, type RunConfig, type StoredCheckpoint } from '@maxent/training';
import { makeFamilyRun } from './family-run.js';
import { makeRunAgent, makeRunEnvironment } from './make-run.js';
import { describePolicy } from './policy-of.js';

export interface StoredPolicyOptions {
  readonly registry: Registry;
  /** Complete; see `completeRunConfig`. */
  readonly config: RunConfig;
  readonly checkpoint: StoredCheckpoint;
  /** The frozen levels that the run stands on. */
  readonly below?: LevelStack | undefined;
}

/**
 * The policy of a stored run. It needs a backend, chosen beforehand, for as long as it takes. Throws what making the run's
 * environment and agent throws, DamagedDataError for a checkpoint that holds no agent, and like `describePolicy`.
 */
export async function storedPolicy({
  registry,
  config,
  checkpoint,
  below,
}: StoredPolicyOptions): Promise<PolicyDescription> {
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
  const environment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
  try {
    const agent = await makeRunAgent(registry, config, environment);
    try {
      loadAgent(agent, checkpoint.snapshot);
      return describePolicy(agent, config, checkpoint.step);
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}
