import { type Agent, type Environment, InvalidInputError, Rng, type Snapshot } from '@maxent/core';
import { type TrainOptions, type TrainResult, train } from '@maxent/training';
import { type FlowAgentDesign, isFlowAgent } from './flow-agent.js';
import type { Level, LevelView } from './level.js';
import { LevelStack } from './level-stack.js';

export interface TrainLevelOptions
  extends Omit<TrainOptions, 'agent' | 'environment' | 'evaluationEnvironment' | 'prepare'>,
    Partial<LevelView> {
  /** The environment with the reward that this level optimizes, before any level is embedded. */
  readonly environment: Environment;
  /** Another instance of the same environment. */
  readonly evaluationEnvironment: Environment;
  /** The frozen levels below; unless this level continues them, their latents are its actions. Default none. */
  readonly below?: LevelStack;
  /** The agent that trains the flow policy. */
  readonly agent: FlowAgentDesign;
  /** What the level below had learned when it was frozen, `TrainedLevel.learned`; needed with `continued`. */
  readonly carried?: Snapshot | undefined;
}

export interface TrainedLevel {
  readonly level: Level;
  readonly result: TrainResult;
  /** Everything that the agent has learned, with its experience. */
  readonly learned: Snapshot;
}

/**
 * Trains one level of a hierarchy and freezes it: the body of the loop of algorithm 1, Haarnoja et al. 2018. Steps are
 * the level's own: with `every` = k, one of them takes up to k steps of the level below. Evaluations report plain sums
 * of rewards.
 *
 * Throws InvalidInputError for a level that is to continue the one below, if its agent cannot or if there is nothing to go
 * on from.
 */
export async function trainLevel({
  environment,
  evaluationEnvironment,
  below = new LevelStack(),
  sees = null,
  every = 1,
  continued = 0,
  carried,
  agent: design,
  ...schedule
}: TrainLevelOptions): Promise<TrainedLevel> {
  const view = { sees, every, continued };
  const embedded = below.embedIn(environment, view, design.discount);
  const { observationSpace, actionSpace } = embedded;
  const rng = Rng.fromSeed(schedule.seed).split('agent');
  const agent = design.create({ observationSpace, actionSpace, rng, level: below.placeOf(view) });
  try {
    const result = await train({
      ...schedule,
      agent,
      environment: embedded,
      evaluationEnvironment: below.embedIn(evaluationEnvironment, view, 1),
      ...(continued > 0 && { prepare: () => continueLevel(agent, carried) }),
    });
    return { level: { sees, every, policy: agent.freeze() }, result, learned: agent.save() };
  } finally {
    agent.dispose();
  }
}

/**
 * Makes an agent go on from what the level below had learned. Throws InvalidInputError if it cannot or if that is missing,
 * and SnapshotMismatchError if it does not fit.
 */
export function continueLevel(agent: Agent, carried: Snapshot | undefined): void {
  if (!isFlowAgent(agent) || agent.carryOver === undefined) {
    throw new InvalidInputError(
      'agent',
      'expected one with carryOver, such as lsp, for a level that continues the one below; train it without continuing',
    );
  }
  if (carried === undefined) {
    throw new InvalidInputError(
      'carried',
      'is required for a level that continues the one below: what that one had learned',
    );
  }
  agent.carryOver(carried);
}
