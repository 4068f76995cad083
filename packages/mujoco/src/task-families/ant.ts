import {
  type BoxArray,
  defineTaskFamily,
  parseConfig,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import { drawTasks, TimeLimit } from '@maxent/envs';
import * as z from 'zod';
import { Ant, ant } from '../environments/ant.js';
import { loadMujoco } from '../load-mujoco.js';
import {
  type AngleTask,
  type Directions,
  directionsOption,
  splitAngles,
  unitVector,
  velocityAlong,
} from './directions.js';
import { TaskReward } from './task-reward.js';

const HORIZON = 200;

/** Goals lie in a disc of this radius, in m. */
const GOAL_RADIUS = 3;

/** A place on the ground to go to, in m. */
export type GoalTask = { readonly x: number; readonly y: number };

async function makeAnt(options: z.input<typeof ant.options>): Promise<Ant> {
  return new Ant(await loadMujoco(), parseConfig(ant.options, { ...options, forwardRewardWeight: 0 }));
}

/**
 * Walk in an unseen direction (Rakelly et al. 2019). Reward: velocity in that direction + 1 - 0.5 times the sum of
 * squared actions - 0.0005 times the sum of squared clipped contact forces; ends when the torso leaves [0.2, 1] m.
 * Observation: positions without x and y, and velocities, 27 numbers. The default has the two tasks of the paper's
 * Ant-Fwd-Back, where the test tasks are the train tasks; PEARL's public configuration draws directions at random,
 * which is `directions: 'uniform'` here.
 */
class AntDirectionFamily implements TaskFamily<AngleTask, BoxArray, BoxArray> {
  readonly id = 'Ant-Dir';
  readonly maxEpisodeSteps = HORIZON;

  constructor(private readonly directions: Directions) {}

  split(options: TaskSplitOptions): TaskSplit<AngleTask> {
    return splitAngles(options, this.directions);
  }

  descriptor(task: AngleTask): readonly number[] {
    return unitVector(task);
  }

  async create(task: AngleTask) {
    const walker = await makeAnt({ includeCfrcExtInObservation: false });
    return new TimeLimit(new TaskReward(walker, velocityAlong(task)), HORIZON);
  }
}

/**
 * Walk to an unseen goal, uniform in a disc of 3 m (Rakelly et al. 2019). Reward: -(|x - x*| + |y - y*|) - 0.1 times
 * the sum of squared actions - 0.0005 times the sum of squared clipped contact forces. Never ends by itself.
 * Observation: positions, velocities and clipped contact forces, 107 numbers (PEARL's has six more, the forces on the
 * world, which are always 0).
 */
class AntGoalFamily implements TaskFamily<GoalTask, BoxArray, BoxArray> {
  readonly id = 'Ant-Goal';
  readonly maxEpisodeSteps = HORIZON;

  split(options: TaskSplitOptions): TaskSplit<GoalTask> {
    return drawTasks(options, (rng) => {
      const radius = GOAL_RADIUS * Math.sqrt(rng.uniform());
      const angle = rng.uniform(0, 2 * Math.PI);
      return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
    });
  }

  descriptor({ x, y }: GoalTask): readonly number[] {
    return [x, y];
  }

  async create({ x, y }: GoalTask) {
    const walker = await makeAnt({
      ctrlCostWeight: 0.1,
      healthyReward: 0,
      terminateWhenUnhealthy: false,
      excludeCurrentPositionsFromObservation: false,
    });
    const task = new TaskReward(
      walker,
      ({ xPosition, yPosition }) => -Math.abs(xPosition - x) - Math.abs(yPosition - y),
      { at: [x, y], radius: 0.3 },
    );
    return new TimeLimit(task, HORIZON);
  }
}

export const antDirectionFamily = defineTaskFamily({
  id: 'Ant-Dir',
  description: 'Walk on four legs in an unseen direction.',
  options: z.object({ directions: directionsOption('forward-backward') }),
  create: ({ directions }) => new AntDirectionFamily(directions),
});

export const antGoalFamily = defineTaskFamily({
  id: 'Ant-Goal',
  description: 'Walk on four legs to an unseen goal.',
  options: z.object({}),
  create: () => new AntGoalFamily(),
});
