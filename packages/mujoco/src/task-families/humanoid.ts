import {
  type BoxArray,
  defineTaskFamily,
  parseConfig,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import { TimeLimit } from '@maxent/envs';
import * as z from 'zod';
import { Humanoid, humanoid } from '../environments/humanoid.js';
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
const VELOCITY_WEIGHT = 1.25;

/**
 * Walk in an unseen direction (Rakelly et al. 2019). Reward: 1.25 times the velocity of the center of mass in that
 * direction + 5 - 0.1 times the sum of squared controls - 5e-7 times the sum of squared contact forces, at most 10;
 * ends when the torso leaves (1, 2) m. Observations are those of Humanoid-v5, 348 numbers; PEARL's also have the
 * world's inertia, velocity and contact force, and six actuator forces, all of which are always 0.
 */
class HumanoidDirectionFamily implements TaskFamily<AngleTask, BoxArray, BoxArray> {
  readonly id = 'Humanoid-Dir';
  readonly maxEpisodeSteps = HORIZON;

  constructor(private readonly directions: Directions) {}

  split(options: TaskSplitOptions): TaskSplit<AngleTask> {
    return splitAngles(options, this.directions);
  }

  descriptor(task: AngleTask): readonly number[] {
    return unitVector(task);
  }

  async create(task: AngleTask) {
    const options = parseConfig(humanoid.options, { forwardRewardWeight: 0 });
    const walker = new Humanoid(await loadMujoco(), options);
    const velocity = velocityAlong(task);
    return new TimeLimit(new TaskReward(walker, (info) => VELOCITY_WEIGHT * velocity(info)), HORIZON);
  }
}

export const humanoidDirectionFamily = defineTaskFamily({
  id: 'Humanoid-Dir',
  description: 'Walk on two legs in an unseen direction.',
  options: z.object({ directions: directionsOption('uniform') }),
  create: ({ directions }) => new HumanoidDirectionFamily(directions),
});
