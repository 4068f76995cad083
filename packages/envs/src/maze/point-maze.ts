import { Box, type BoxArray, defineEnvironment, type Info, type Rng } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';
import { Maze, type Place } from './maze.js';
import { mazeOptions, mazeTask } from './maze-task.js';
import { ReachGoal } from './reach-goal.js';

/** Seconds per step. */
const TIME_STEP = 0.1;
/** The acceleration at full control in m/s^2, and the friction in 1/s: the top speed is 2 m/s. */
const ACCELERATION = 5;
const FRICTION = 2.5;

const pointMazeOptions = z.object({
  ...mazeOptions({ goalReward: 1, goalRadius: 1 }),
  startDeviation: z
    .number()
    .nonnegative()
    .default(0.1)
    .describe('Standard deviation of the first position around the start, in m.'),
});

/** The point's position in m and velocity in m/s. */
export type PointMassInfo = Readonly<Record<'xPosition' | 'yPosition' | 'xVelocity' | 'yVelocity', number>>;

/**
 * A point mass between the walls of a maze. Observation: position in m and velocity in m/s. Action: acceleration in
 * units of 5 m/s^2, clipped to [-1, 1] in both entries. In each step of 0.1 s, acceleration and friction (2.5/s) change
 * the velocity, and then the velocity changes the position. A wall stops the motion across it but not along it. The
 * reward is always 0 and episodes never end by themselves; `PointMaze-v0` adds a goal. Info: `xPosition`, `yPosition`,
 * `xVelocity`, `yVelocity`.
 */
export class PointMass extends StateVectorEnvironment<Float32Array, BoxArray, PointMassInfo> {
  protected override readonly picture = 'PointMaze';
  readonly observationSpace = new Box({
    low: -Infinity,
    high: Infinity,
    shape: [4],
    names: ['x', 'y', 'x velocity', 'y velocity'],
  });
  readonly actionSpace = new Box({
    low: -1,
    high: 1,
    shape: [2],
    names: ['x', 'y'],
  });

  constructor(
    readonly maze: Pick<Maze, 'isOpen'> & Partial<Pick<Maze, 'walls'>>,
    private readonly startDeviation = 0.1,
  ) {
    super(4);
  }

  protected start(rng: Rng): void {
    do {
      for (let i = 0; i < 2; i++) this.state[i] = rng.normal(0, this.startDeviation);
    } while (!this.maze.isOpen(this.state[0]!, this.state[1]!));
    this.state.fill(0, 2);
  }

  protected advance(action: BoxArray): Outcome {
    const { state } = this;
    for (let axis = 0; axis < 2; axis++) {
      const control = clip(action[axis]!, 1);
      state[2 + axis]! += TIME_STEP * (ACCELERATION * control - FRICTION * state[2 + axis]!);
      const before = state[axis]!;
      state[axis]! += TIME_STEP * state[2 + axis]!;
      if (!this.maze.isOpen(state[0]!, state[1]!)) {
        state[axis] = before;
        state[2 + axis] = 0;
      }
    }
    return { reward: 0, terminated: false };
  }

  protected override info(): PointMassInfo {
    const [x, y, xVelocity, yVelocity] = this.state as unknown as [number, number, number, number];
    return { xPosition: x, yPosition: y, xVelocity, yVelocity };
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }
}

/** The place that an info gives as `xPosition` and `yPosition`. */
export function placeOf({ xPosition, yPosition }: Info): Place {
  return [xPosition as number, yPosition as number];
}

export const pointMaze = defineEnvironment({
  id: 'PointMaze-v0',
  description: 'Move a point mass through a maze to a goal; only reaching it is rewarded.',
  options: pointMazeOptions,
  maxEpisodeSteps: 200,
  create: ({ startDeviation, ...options }) => {
    const maze = new Maze(options.map, options.cellSize);
    const task = mazeTask(maze, options, placeOf);
    return new ReachGoal(new PointMass(maze, startDeviation), task);
  },
});
