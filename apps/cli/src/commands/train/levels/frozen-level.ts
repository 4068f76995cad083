import { InvalidInputError, type Registry, type Snapshot } from '@maxent/core';
import { isFlowAgent, type Level, type LevelStack } from '@maxent/hierarchy';
import { completeRunConfig, makeRunAgent, makeRunEnvironment, type RunPlan } from '@maxent/library/runs';
import { agentSnapshot } from '@maxent/training';
import { readRun } from '@maxent/training/node';
import type { CommandWatch } from '../../../runs/watch.js';

/** The level that the run in a directory has trained on those below it, frozen as its newest checkpoint has it. */
export async function storedLevel(
  below: LevelStack,
  registry: Registry,
  directory: string,
  watch: CommandWatch,
): Promise<Level> {
  const run = await readRun(directory);
  const checkpoint = await run.actingCheckpoint();
  if (checkpoint === undefined) throw new InvalidInputError('--out', `"${directory}" holds no checkpoint`);
  const config = completeRunConfig(run.config, registry);
  return frozenLevel(below, registry, config, watch, agentSnapshot(checkpoint.snapshot));
}

/**
 * The level that a plan describes, frozen: as it starts, or as its agent was when it was saved. Throws InvalidInputError
 * when the agent trains no flow policy.
 */
export async function frozenLevel(
  below: LevelStack,
  registry: Registry,
  plan: RunPlan,
  watch: CommandWatch,
  saved?: Snapshot,
): Promise<Level> {
  const environment = await makeRunEnvironment(registry, plan, below, 'training', watch);
  try {
    const agent = await makeRunAgent(registry, plan, environment);
    try {
      if (!isFlowAgent(agent)) {
        throw new InvalidInputError(
          'AGENT',
          `--levels needs an agent that trains a flow policy, such as lsp, not ${plan.agent.name}`,
        );
      }
      if (saved !== undefined) agent.load(saved);
      const { sees, every } = plan.level!;
      return { policy: agent.freeze(), sees, every };
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}
