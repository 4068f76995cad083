import {
  type Box,
  type BoxArray,
  defineTaskFamily,
  type Environment,
  parseConfig,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import { drawTasks, EnvironmentWrapper, repeatTasks, TimeLimit } from '@maxent/envs';
import * as z from 'zod';
import { AXES } from '../entry-names.js';
import { HalfCheetah, type HalfCheetahInfo, halfCheetah } from '../environments/half-cheetah.js';
import { observationBox } from '../environments/observation.js';
import { loadMujoco } from '../load-mujoco.js';
import { TaskReward } from './task-reward.js';

const HORIZON = 200;

/** Height of the torso's frame, in m, where its coordinate is 0. */
const TORSO_HEIGHT = 0.7;

const torsoOption = z
  .boolean()
  .default(true)
  .describe("Observe the torso's position after positions and velocities, as PEARL's environments do.");

/** Moves x from the front of the observation to the end, as the torso's position. */
class TorsoPosition extends EnvironmentWrapper<BoxArray, BoxArray, BoxArray, HalfCheetahInfo> {
  private readonly widened: Box;

  constructor(inner: HalfCheetah) {
    super(inner);
    this.widened = observationBox([
      ...inner.observationSpace.names!.slice(1),
      ...AXES.map((axis) => `torso ${axis}`),
    ]);
  }

  override get observationSpace(): Box {
    return this.widened;
  }

  protected override view(observation: BoxArray): BoxArray {
    return Float64Array.of(...observation.slice(1), observation[0]!, 0, TORSO_HEIGHT + observation[1]!);
  }
}

async function makeCheetah(observeTorso: boolean): Promise<Environment<BoxArray, BoxArray, HalfCheetahInfo>> {
  const options = parseConfig(halfCheetah.options, {
    forwardRewardWeight: 0,
    ctrlCostWeight: 0.05,
    excludeCurrentPositionsFromObservation: !observeTorso,
  });
  const cheetah = new HalfCheetah(await loadMujoco(), options);
  return observeTorso ? new TorsoPosition(cheetah) : cheetah;
}

/** A velocity to run at, in m/s. */
export type VelocityTask = { readonly velocity: number };

/** 1 to run forward, -1 to run backward. */
export type DirectionTask = { readonly direction: number };

const velocityOptions = z.object({
  minVelocity: z.number().default(0).describe('Smallest velocity to run at, in m/s.'),
  maxVelocity: z.number().default(3).describe('Largest velocity to run at, in m/s.'),
  observeTorso: torsoOption,
});

/**
 * Run at an unseen velocity (Finn, Abbeel and Levine 2017; Rakelly et al. 2019). Reward: -|x velocity - v*| - 0.05
 * times the sum of squared actions. Velocities are uniform in [0, 3] m/s, as in PEARL's code; MAML's paper and garage
 * use [0, 2], which is `maxVelocity: 2` here.
 */
class HalfCheetahVelocityFamily implements TaskFamily<VelocityTask, BoxArray, BoxArray> {
  readonly id = 'HalfCheetah-Vel';
  readonly maxEpisodeSteps = HORIZON;

  constructor(private readonly options: z.output<typeof velocityOptions>) {}

  split(options: TaskSplitOptions): TaskSplit<VelocityTask> {
    const { minVelocity, maxVelocity } = this.options;
    return drawTasks(options, (rng) => ({ velocity: rng.uniform(minVelocity, maxVelocity) }));
  }

  descriptor({ velocity }: VelocityTask): readonly number[] {
    return [velocity];
  }

  async create({ velocity }: VelocityTask) {
    const cheetah = await makeCheetah(this.options.observeTorso);
    const task = new TaskReward(cheetah, ({ xVelocity }) => -Math.abs(xVelocity - velocity));
    return new TimeLimit(task, HORIZON);
  }
}

/**
 * Run forward or backward, without being told which (Finn, Abbeel and Levine 2017; Rakelly et al. 2019). Reward:
 * direction times the x velocity - 0.05 times the sum of squared actions. There are only two tasks, so the test tasks
 * are the train tasks.
 */
class HalfCheetahDirectionFamily implements TaskFamily<DirectionTask, BoxArray, BoxArray> {
  readonly id = 'HalfCheetah-Dir';
  readonly maxEpisodeSteps = HORIZON;

  constructor(private readonly observeTorso: boolean) {}

  split(options: TaskSplitOptions): TaskSplit<DirectionTask> {
    return repeatTasks(options, [{ direction: 1 }, { direction: -1 }]);
  }

  descriptor({ direction }: DirectionTask): readonly number[] {
    return [direction];
  }

  async create({ direction }: DirectionTask) {
    const cheetah = await makeCheetah(this.observeTorso);
    const task = new TaskReward(cheetah, ({ xVelocity }) => direction * xVelocity);
    return new TimeLimit(task, HORIZON);
  }
}

export const halfCheetahVelocityFamily = defineTaskFamily({
  id: 'HalfCheetah-Vel',
  description: 'Run at an unseen velocity.',
  options: velocityOptions,
  create: (options) => new HalfCheetahVelocityFamily(options),
});

export const halfCheetahDirectionFamily = defineTaskFamily({
  id: 'HalfCheetah-Dir',
  description: 'Run forward or backward, without being told which.',
  options: z.object({ observeTorso: torsoOption }),
  create: ({ observeTorso }) => new HalfCheetahDirectionFamily(observeTorso),
});
