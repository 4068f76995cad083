import { InvalidInputError, type Registry, type Snapshot } from '@maxent/core';
import { isFlowAgent, type LevelStack } from '@maxent/hierarchy';
import { makeRunAgent, makeRunEnvironment, type RunPlan } from '@maxent/library/runs';
import type { CommandWatch } from '../../../runs/watch.js';

/**
 * The levels below a run and on them its own policy, frozen: as it starts, or as the agent was when it was saved.
 * Throws InvalidInputError when the agent trains no flow policy.
 */
export async function stackLevel(
  below: LevelStack,
  registry: Registry,
  plan: RunPlan,
  watch: CommandWatch,
  saved?: Snapshot,
): Promise<LevelStack> {
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
      return below.with({ policy: agent.freeze(), sees, every });
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}
