import { type Environment, InvalidInputError, type RunListener, type StepResult } from '@maxent/core';
import { TransformReward } from '@maxent/envs';
import type { EvaluationSchedule, RunStorage, TrainResult } from '@maxent/training';
import { type FlowAgentDesign, latentSpaceAgents } from './flow-agent.js';
import type { LevelView } from './level.js';
import type { LevelStack } from './level-stack.js';
import { trainLevel } from './train-level.js';
import { trainLevels } from './train-levels.js';

/** Computes a reward that replaces the environment's, from that reward and the whole result of the step. */
export type RewardOf = (reward: number, result: StepResult<unknown>) => number;

export interface TrainHierarchyOptions {
  /** Creates an environment; called twice for each level. */
  readonly environment: () => Environment | Promise<Environment>;
  /** R_0 to R_(K-1), the lowest level's first; null for the environment's own. */
  readonly rewards: readonly (RewardOf | null)[];
  /** Number of steps of each level. */
  readonly budgets: readonly number[];
  /** What each level sees and how often it acts; by default everything, at every step. */
  readonly views?: readonly Partial<LevelView>[];
  /** The agent that trains the levels: one for all, or one for each; default `latentSpaceAgents()`. */
  readonly agent?: FlowAgentDesign | readonly FlowAgentDesign[];
  /** Default 1. */
  readonly seed?: number;
  /** Default 10 episodes every 5000 steps. */
  readonly evaluation?: EvaluationSchedule;
  /** Default 1000. */
  readonly logEvery?: number;
  /** Default 5000. */
  readonly checkpointEvery?: number;
  /** Where a level's run is kept. */
  readonly storageOf?: (level: number) => RunStorage | Promise<RunStorage>;
  /**
   * Continue from the storages. A level that another one already builds on is left as it is, whatever its budget: more
   * training would change the map that the upper level's checkpoint and replay depend on.
   */
  readonly resume?: boolean;
  readonly listeners?: readonly RunListener[];
  readonly signal?: AbortSignal;
}

export interface TrainHierarchyResult {
  /** The trained levels: all of them unless the run was interrupted. The caller disposes of it. */
  readonly stack: LevelStack;
  readonly results: readonly TrainResult[];
}

/** The same defaults as on the command line. */
const defaults = {
  seed: 1,
  evaluation: { every: 5000, episodes: 10 },
  logEvery: 1000,
  checkpointEvery: 5000,
};

/**
 * Algorithm 1 of Haarnoja et al. 2018: for each reward, train a latent space policy by maximum entropy, freeze it, and
 * let its latents be the actions of the next level. Every level trains with the same seed.
 *
 * Throws InvalidInputError if the numbers of budgets, views or agents differ from the number of rewards, or if a level
 * to resume lacks a level below it in the storages; also what the storages and `train` throw.
 */
export async function trainHierarchy(options: TrainHierarchyOptions): Promise<TrainHierarchyResult> {
  const {
    environment,
    rewards,
    budgets,
    views,
    agent = latentSpaceAgents(),
    storageOf,
    resume,
    ...loop
  } = { ...defaults, ...options };
  requireOneEach('budgets', budgets, rewards);
  if (views !== undefined) requireOneEach('views', views, rewards);
  if (isList(agent)) requireOneEach('agent', agent, rewards);
  const storages: RunStorage[] = [];
  for (let i = 0; storageOf !== undefined && i < rewards.length; i++) storages.push(await storageOf(i));
  const ended = resume === true ? await stepsOfEndedLevels(storages) : [];
  const levels = rewards.map((reward, i) => ({
    train: async (below: LevelStack) => {
      const own: Environment[] = [];
      const make = async (): Promise<Environment> => {
        const made = await environment();
        own.push(made);
        return reward === null ? made : new TransformReward(made, reward, { definesTask: true });
      };
      try {
        const storage = storages[i];
        return await trainLevel({
          ...loop,
          ...views?.[i],
          environment: await make(),
          evaluationEnvironment: await make(),
          below,
          agent: isList(agent) ? agent[i]! : agent,
          steps: ended[i] ?? budgets[i]!,
          ...(storage !== undefined && { storage }),
          ...(resume === true && storage !== undefined && { resume }),
        });
      } finally {
        for (const made of own) made.close();
      }
    },
  }));
  return trainLevels(levels);
}

/** For each level that another one was trained on, the number of steps after which it was frozen. */
async function stepsOfEndedLevels(storages: readonly RunStorage[]): Promise<number[]> {
  const steps: (number | undefined)[] = [];
  for (const storage of storages) steps.push((await storage.latestCheckpoint())?.step);
  const top = steps.map((step) => step !== undefined).lastIndexOf(true);
  return steps.slice(0, Math.max(top, 0)).map((step, level) => {
    if (step === undefined) {
      throw new InvalidInputError(
        'resume',
        `level ${top} has a checkpoint, but level ${level}, on which it was trained, has none in its storage; provide the storage of that run, or train all levels anew`,
      );
    }
    return step;
  });
}

function isList(agent: FlowAgentDesign | readonly FlowAgentDesign[]): agent is readonly FlowAgentDesign[] {
  return Array.isArray(agent);
}

function requireOneEach(field: string, list: readonly unknown[], rewards: readonly unknown[]): void {
  if (list.length !== rewards.length || rewards.length === 0) {
    throw new InvalidInputError(
      field,
      `expected one for each of the ${rewards.length} rewards (at least 1), got ${list.length}`,
    );
  }
}
