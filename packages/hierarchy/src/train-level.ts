import { type Environment, Rng } from '@maxent/core';
import { type TrainOptions, type TrainResult, train } from '@maxent/training';
import type { FlowAgentDesign } from './flow-agent.js';
import type { Level, LevelView } from './level.js';
import { LevelStack } from './level-stack.js';

export interface TrainLevelOptions
  extends Omit<TrainOptions, 'agent' | 'environment' | 'evaluationEnvironment'>,
    Partial<LevelView> {
  /** The environment with the reward that this level optimizes, before any level is embedded. */
  readonly environment: Environment;
  /** Another instance of the same environment. */
  readonly evaluationEnvironment: Environment;
  /** The frozen levels whose latents are this level's actions; default none. */
  readonly below?: LevelStack;
  /** The agent that trains the flow policy. */
  readonly agent: FlowAgentDesign;
}

export interface TrainedLevel {
  readonly level: Level;
  readonly result: TrainResult;
}

/**
 * Trains one level of a hierarchy and freezes it: the body of the loop of algorithm 1, Haarnoja et al. 2018. Steps are
 * the level's own: with `every` = k, one of them takes up to k steps of the level below. Evaluations report plain sums
 * of rewards.
 */
export async function trainLevel({
  environment,
  evaluationEnvironment,
  below = new LevelStack(),
  sees = null,
  every = 1,
  agent: design,
  ...schedule
}: TrainLevelOptions): Promise<TrainedLevel> {
  const view = { sees, every };
  const embedded = below.embedIn(environment, view, design.discount);
  const { observationSpace, actionSpace } = embedded;
  const rng = Rng.fromSeed(schedule.seed).split('agent');
  const agent = design.create({ observationSpace, actionSpace, rng });
  try {
    const result = await train({
      ...schedule,
      agent,
      environment: embedded,
      evaluationEnvironment: below.embedIn(evaluationEnvironment, view, 1),
    });
    return { level: { ...view, policy: agent.freeze() }, result };
  } finally {
    agent.dispose();
  }
}
