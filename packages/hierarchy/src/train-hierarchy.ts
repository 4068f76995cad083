import {
  type Environment,
  InvalidInputError,
  type RunListener,
  type Snapshot,
  type StepResult,
  showValue,
} from '@maxent/core';
import { TransformReward } from '@maxent/envs';
import { agentSnapshot, type EvaluationSchedule, type RunStorage, type TrainResult } from '@maxent/training';
import { type FlowAgentDesign, latentSpaceAgents } from './flow-agent.js';
import type { LevelView } from './level.js';
import type { LevelStack } from './level-stack.js';
import { trainLevel } from './train-level.js';
import { trainLevels } from './train-levels.js';

/** Computes a reward that replaces the environment's, from that reward and the whole result of the step. */
export type RewardOf = (reward: number, result: StepResult<unknown>) => number;

/** How a level is trained. By default it sees everything and acts at every step. */
export interface HierarchyLevel extends Partial<Omit<LevelView, 'continued'>> {
  /** Number of steps of the level, each one action of its own. */
  readonly steps: number;
  /** R_i of the paper; default the environment's own. */
  readonly reward?: RewardOf | undefined;
  /** The agent that trains it; default the `agent` of all levels. */
  readonly agent?: FlowAgentDesign | undefined;
  /**
   * Whether it goes on from what the level below has learned, as one agent with the same actions: see `LatentSpaceAgent`.
   * Default: if the two have the same `reward`, agent and `sees`, `every` is 1, and the agent can. A level that is resumed
   * stays what it was.
   */
  readonly continues?: boolean | undefined;
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
  const stored = resume === true ? await storedLevels(levels) : [];
  const ended = stored.slice(0, -1);
  const continued = continuedLevels(levels, agent, stored);
  let carried: Snapshot | undefined;
  const trainings = levels.map(
    ({ reward, steps, storage, agent: own = agent, continues: _, ...view }: HierarchyLevel, i) => ({
      train: async (below: LevelStack) => {
        const opened: Environment[] = [];
        const make = async (): Promise<Environment> => {
          const made = await environment();
          opened.push(made);
          return reward === undefined ? made : new TransformReward(made, reward, { definesTask: true });
        };
        try {
          const { learned, ...trained } = await trainLevel({
            ...loop,
            ...view,
            agent: own,
            environment: await make(),
            evaluationEnvironment: await make(),
            below,
            continued: continued[i]!,
            carried,
            steps: ended[i]?.step ?? steps,
            ...(storage !== undefined && { storage }),
            ...(resume === true && storage !== undefined && { resume }),
          });
          carried = (continued[i + 1] ?? 0) > 0 ? learned : undefined;
          return trained;
        } finally {
          for (const made of opened) made.close();
        }
      },
    }),
  );
  return trainLevels(trainings);
}

/** How many of the levels below it each level continues. */
function continuedLevels(
  levels: readonly HierarchyLevel[],
  agent: FlowAgentDesign,
  stored: readonly StoredLevel[],
): number[] {
  const counts: number[] = [];
  for (const [i, level] of levels.entries()) {
    const problem = levelDiffers(levels[i - 1], level, agent);
    const { continues = stored[i] === undefined ? problem === undefined : stored[i].continued > 0 } = level;
    if (continues && problem !== undefined) {
      throw new InvalidInputError(`levels[${i}].continues`, `expected false, got true: ${problem}`);
    }
    counts.push(continues ? (counts[i - 1] ?? 0) + 1 : 0);
  }
  return counts;
}

/** Why a level cannot continue the one below; undefined if it can. */
function levelDiffers(
  below: HierarchyLevel | undefined,
  level: HierarchyLevel,
  agent: FlowAgentDesign,
): string | undefined {
  if (below === undefined) return 'there is no level below it';
  const own = level.agent ?? agent;
  if (level.reward !== below.reward) return 'its reward is not that of the level below';
  if (own !== (below.agent ?? agent)) return 'its agent is not that of the level below';
  if (level.sees?.from !== below.sees?.from || level.sees?.to !== below.sees?.to)
    return 'it does not see what the level below sees';
  if ((level.every ?? 1) !== 1) return `it acts every ${level.every} steps of the level below`;
  if (own.continues !== true) return 'its agent cannot continue a level';
  return undefined;
}

interface StoredLevel {
  /** Of its newest checkpoint. */
  readonly step: number;
  readonly continued: number;
}

/** The levels with a checkpoint, up to the topmost one, which alone may still be trained. */
async function storedLevels(levels: readonly HierarchyLevel[]): Promise<StoredLevel[]> {
  const stored: (StoredLevel | undefined)[] = [];
  for (const { storage } of levels) {
    const checkpoint = await storage?.latestCheckpoint();
    stored.push(
      checkpoint && {
        step: checkpoint.step,
        continued: Number(agentSnapshot(checkpoint.snapshot).metadata.continued ?? 0),
      },
    );
  }
  const top = stored.map((level) => level !== undefined).lastIndexOf(true);
  return stored.slice(0, top + 1).map((level, i) => {
    if (level !== undefined) return level;
    throw new InvalidInputError(
      'resume',
      `level ${top} has a checkpoint, but level ${i}, on which it was trained, has none in its storage; provide the storage of that run, or train all levels anew`,
    );
  });
}
