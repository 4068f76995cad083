import {
  type Environment,
  InvalidInputError,
  type RunListener,
  type StepResult,
  showValue,
} from '@maxent/core';
import { TransformReward } from '@maxent/envs';
import type { EvaluationSchedule, RunStorage, TrainResult } from '@maxent/training';
import { type FlowAgentDesign, latentSpaceAgents } from './flow-agent.js';
import type { LevelView } from './level.js';
import type { LevelStack } from './level-stack.js';
import { trainLevel } from './train-level.js';
import { trainLevels } from './train-levels.js';

/** Computes a reward that replaces the environment's, from that reward and the whole result of the step. */
export type RewardOf = (reward: number, result: StepResult<unknown>) => number;

/** How a level is trained. By default it sees everything and acts at every step. */
export interface HierarchyLevel extends Partial<LevelView> {
  /** Number of steps of the level, each one action of its own. */
  readonly steps: number;
  /** R_i of the paper; default the environment's own. */
  readonly reward?: RewardOf | undefined;
  /** The agent that trains it; default the `agent` of all levels. */
  readonly agent?: FlowAgentDesign | undefined;
  /** Where its run is kept; default nowhere. */
  readonly storage?: RunStorage | undefined;
}

export interface TrainHierarchyOptions {
  /** Creates an environment; called twice for each level. */
  readonly environment: () => Environment | Promise<Environment>;
  /** The lowest first. */
  readonly levels: readonly HierarchyLevel[];
  /** The agent that trains the levels; default `latentSpaceAgents()`. */
  readonly agent?: FlowAgentDesign;
  /** Default 1. */
  readonly seed?: number;
  /** Default 10 episodes every 5000 steps. */
  readonly evaluation?: EvaluationSchedule;
  /** Default 1000. */
  readonly logEvery?: number;
  /** Default 5000. */
  readonly checkpointEvery?: number;
  /**
   * Continue from the storages. A level that another one already builds on is left as it is, whatever its `steps`: more
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
 * Algorithm 1 of Haarnoja et al. 2018: for each level, train a latent space policy by maximum entropy, freeze it, and let
 * its latents be the actions of the next. Every level trains with the same seed.
 *
 * Throws InvalidInputError if there are no levels, or if a level to resume lacks a level below it in the storages; also
 * what the storages and `train` throw.
 */
export async function trainHierarchy(options: TrainHierarchyOptions): Promise<TrainHierarchyResult> {
  const { environment, levels, agent = latentSpaceAgents(), resume, ...loop } = { ...defaults, ...options };
  if (!Array.isArray(levels) || levels.length === 0) {
    throw new InvalidInputError(
      'levels',
      `expected a list of at least one level, such as [{ steps: 50_000 }], got ${showValue(levels)}`,
    );
  }
  const ended = resume === true ? await stepsOfEndedLevels(levels) : [];
  const trainings = levels.map(
    ({ reward, steps, storage, agent: own = agent, ...view }: HierarchyLevel, i) => ({
      train: async (below: LevelStack) => {
        const opened: Environment[] = [];
        const make = async (): Promise<Environment> => {
          const made = await environment();
          opened.push(made);
          return reward === undefined ? made : new TransformReward(made, reward, { definesTask: true });
        };
        try {
          return await trainLevel({
            ...loop,
            ...view,
            agent: own,
            environment: await make(),
            evaluationEnvironment: await make(),
            below,
            steps: ended[i] ?? steps,
            ...(storage !== undefined && { storage }),
            ...(resume === true && storage !== undefined && { resume }),
          });
        } finally {
          for (const made of opened) made.close();
        }
      },
    }),
  );
  return trainLevels(trainings);
}

/** For each level that another one was trained on, the number of steps after which it was frozen. */
async function stepsOfEndedLevels(levels: readonly HierarchyLevel[]): Promise<number[]> {
  const steps: (number | undefined)[] = [];
  for (const { storage } of levels) steps.push((await storage?.latestCheckpoint())?.step);
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
