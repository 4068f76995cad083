import {
  Box,
  type BoxArray,
  defineTaskFamily,
  Rng,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';
import { TimeLimit } from '../wrappers/time-limit.js';
import { drawTasks, requireTaskCounts } from './draw-tasks.js';

/** The largest displacement per step, in each direction. */
const MAX_STEP = 0.1;

const HORIZON = 20;

/** Where the point should go. */
export type PointGoal = { readonly x: number; readonly y: number };

export interface PointRobotOptions {
  readonly goal: PointGoal;
  /** Start anywhere in [-1, 1]^2 rather than at the origin. */
  readonly randomStart: boolean;
  /** The reward: minus the distance to the goal, or 1 minus the distance within the radius and 0 outside. */
  readonly reward: 'dense' | 'sparse';
  /** The distance within which the sparse reward is paid. */
  readonly goalRadius: number;
}

/** Both rewards for the position, and the distance to the goal. */
export type PointRobotInfo = Readonly<Record<'rewardDense' | 'rewardSparse' | 'distance', number>>;

/**
 * A point that moves on a plane to a goal it does not see (Rakelly et al. 2019, section 6). Observation: position.
 * Action: displacement, clipped to [-0.1, 0.1] in both entries. Info: `rewardDense` and `rewardSparse` for the
 * position after the step, whichever of them is paid, and `distance`.
 */
export class PointRobot extends StateVectorEnvironment<Float32Array, BoxArray, PointRobotInfo> {
  protected override readonly picture = 'PointRobot';
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [2], names: ['x', 'y'] });
  readonly actionSpace = new Box({ low: -MAX_STEP, high: MAX_STEP, shape: [2], names: ['x', 'y'] });

  constructor(readonly options: PointRobotOptions) {
    super(2);
  }

  protected start(rng: Rng): void {
    for (let i = 0; i < 2; i++) this.state[i] = this.options.randomStart ? rng.uniform(-1, 1) : 0;
  }

  protected advance(action: BoxArray): Outcome {
    for (let i = 0; i < 2; i++) {
      this.state[i]! += clip(action[i]!, MAX_STEP);
    }
    const { rewardDense, rewardSparse } = this.rewards();
    return { reward: this.options.reward === 'dense' ? rewardDense : rewardSparse, terminated: false };
  }

  protected override info(): PointRobotInfo {
    return this.rewards();
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }

  private rewards() {
    const { goal, goalRadius } = this.options;
    const distance = Math.sqrt((this.state[0]! - goal.x) ** 2 + (this.state[1]! - goal.y) ** 2);
    return { rewardDense: -distance, rewardSparse: distance <= goalRadius ? 1 - distance : 0, distance };
  }
}

const pointRobotOptions = z.object({
  reward: z.enum(['dense', 'sparse']).default('dense').describe('Which of the two rewards each step pays.'),
  goalRadius: z.number().positive().default(0.2).describe('Distance within which the sparse reward is paid.'),
});

/** A family of tasks of reaching a goal; subclasses say where goals are. */
abstract class PointRobotFamily implements TaskFamily<PointGoal, Float32Array, BoxArray, PointRobotInfo> {
  abstract readonly id: string;
  readonly maxEpisodeSteps = HORIZON;

  constructor(private readonly options: Omit<PointRobotOptions, 'goal'>) {}

  abstract split(options: TaskSplitOptions): TaskSplit<PointGoal>;

  descriptor({ x, y }: PointGoal): readonly number[] {
    return [x, y];
  }

  /** Whether the point ends within the radius of its goal. */
  succeeded({ distance }: PointRobotInfo): boolean {
    return distance <= this.options.goalRadius;
  }

  create(goal: PointGoal) {
    return new TimeLimit(new PointRobot({ ...this.options, goal }), HORIZON);
  }
}

/** Goals and starts are uniform in [-1, 1]^2. */
class DensePointRobotFamily extends PointRobotFamily {
  readonly id = 'PointRobot';

  split(options: TaskSplitOptions): TaskSplit<PointGoal> {
    return drawTasks(options, (rng) => ({ x: rng.uniform(-1, 1), y: rng.uniform(-1, 1) }));
  }
}

/** Goals evenly spaced on the upper half of the unit circle, in random order; the start is its center. */
class SparsePointRobotFamily extends PointRobotFamily {
  readonly id = 'SparsePointRobot';

  split({ trainCount, testCount, seed }: TaskSplitOptions): TaskSplit<PointGoal> {
    requireTaskCounts({ trainCount, testCount });
    const count = trainCount + testCount;
    const goals = Array.from({ length: count }, (_, i) => {
      const angle = count === 1 ? 0 : (Math.PI * i) / (count - 1);
      return { x: Math.cos(angle), y: Math.sin(angle) };
    });
    Rng.fromSeed(seed).shuffle(goals);
    return { train: goals.slice(0, trainCount), test: goals.slice(trainCount) };
  }
}

export const pointRobotFamily = defineTaskFamily({
  id: 'PointRobot',
  description: 'Move a point to an unseen goal in a square.',
  options: pointRobotOptions,
  create: (options) => new DensePointRobotFamily({ ...options, randomStart: true }),
});

/**
 * As in the authors' code, a step pays the dense reward, for training, and reports the sparse one as
 * `info.rewardSparse`, from which PEARL infers the task.
 */
export const sparsePointRobotFamily = defineTaskFamily({
  id: 'SparsePointRobot',
  description: 'Move a point to an unseen goal on a half circle; the reward tells only when it is close.',
  options: pointRobotOptions,
  create: (options) => new SparsePointRobotFamily({ ...options, randomStart: false }),
});
