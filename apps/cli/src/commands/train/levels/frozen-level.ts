import { type Agent, InvalidInputError, type Registry } from '@maxent/core';
import { isFlowAgent, type Level, type LevelStack } from '@maxent/hierarchy';
import { makeRunAgent, makeRunEnvironment, type RunPlan } from '@maxent/library/runs';
import type { CommandWatch } from '../../../runs/watch.js';

/**
 * The level that an agent has learned so far, frozen. Throws InvalidInputError if the agent does not train a flow
 * policy.
 */
export function frozenLevel(
  agent: Agent,
  { agent: { name }, level }: Pick<RunPlan, 'agent' | 'level'>,
): Level {
  if (!isFlowAgent(agent)) {
    throw new InvalidInputError(
      'AGENT',
      `--levels needs an agent that trains a flow policy, such as lsp, not ${name}`,
    );
  }
  const { sees, every } = level!;
  return { policy: agent.freeze(), sees, every };
}

/**
 * The untrained level that a plan describes, on the levels below it. Throws what creating it and `frozenLevel` throw.
 */
export async function untrainedLevel(
  below: LevelStack,
  registry: Registry,
  plan: RunPlan,
  watch: CommandWatch,
): Promise<Level> {
  const environment = await makeRunEnvironment(registry, plan, below, 'training', watch);
  try {
    const agent = await makeRunAgent(registry, plan, environment);
    try {
      return frozenLevel(agent, plan);
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}
