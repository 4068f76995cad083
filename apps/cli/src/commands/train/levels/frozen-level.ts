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
      `a level needs an agent that trains a flow policy, such as lsp, not ${name}`,
    );
  }
  const { sees = null, every = 1 } = level ?? {};
  return { policy: agent.freeze(), sees, every };
}

/** Whether an agent can go on from what the level below has learned. */
export function canContinue(agent: Agent): boolean {
  return isFlowAgent(agent) && agent.carryOver !== undefined;
}

/** An untrained level, and whether its agent could continue another one. */
export interface UntrainedLevel {
  readonly level: Level;
  readonly canContinue: boolean;
}

/**
 * The untrained level that a plan describes, on the levels below it. Throws what creating it and `frozenLevel` throw.
 */
export async function untrainedLevel(
  below: LevelStack,
  registry: Registry,
  plan: RunPlan,
  watch: CommandWatch,
): Promise<UntrainedLevel> {
  const environment = await makeRunEnvironment(registry, plan, below, 'training', watch);
  try {
    const agent = await makeRunAgent(registry, plan, environment, below);
    try {
      return { level: frozenLevel(agent, plan), canContinue: canContinue(agent) };
    } finally {
      agent.dispose();
    }
  } finally {
    environment.close();
  }
}
