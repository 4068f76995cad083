import { type Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { AXES } from '../entry-names.js';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { pusherModel } from '../models/pusher.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { distanceBetween } from './distance.js';
import { addUniformNoise } from './noise.js';
import { observationBox } from './observation.js';
import { frameSkipOption, modelOption } from './options.js';
import { squaredCost } from './squared-cost.js';

const ID = 'Pusher-v5';

/** Joints of the arm; object and goal have the last four coordinates. */
const ARM_JOINTS = 7;

/** The object starts in [-0.3, 0] x [-0.2, 0.2] m relative to the goal, but no nearer than this. */
const SMALLEST_DISTANCE = 0.17;
const VELOCITY_NOISE = 0.005;

const pusherOptions = z.object({
  frameSkip: frameSkipOption(5),
  rewardNearWeight: z
    .number()
    .default(0.5)
    .describe('Weight of the distance between arm and object, a cost.'),
  rewardDistWeight: z.number().default(1).describe('Weight of the distance between object and goal, a cost.'),
  rewardControlWeight: z.number().default(0.1).describe('Weight of the sum of squared actions, a cost.'),
  model: modelOption(),
});

export type PusherOptions = z.output<typeof pusherOptions>;

/** What steps report. */
export type PusherInfo = MujocoInfo<'rewardDist' | 'rewardNear' | 'rewardCtrl'>;

/**
 * Push a cylinder to a goal with an arm of seven joints: Gymnasium's Pusher-v5. Observation: the seven angles and
 * their velocities, the positions of the arm's tip, the object and the goal, 23 numbers. Action: seven motor controls
 * in [-2, 2]. Reward: minus the distance between object and goal - half the distance between object and tip - 0.1
 * times the sum of squared actions. Never terminates. Start: the object at random, at least 0.17 m from the goal;
 * uniform noise of 0.005 on the arm's velocities. Info after steps: `rewardDist`, `rewardNear` and `rewardCtrl`, all
 * negative.
 *
 * Body positions come from MuJoCo's last evaluation within the step, not from the new state.
 */
export class Pusher extends MujocoEnvironment<PusherInfo> {
  readonly observationSpace: Box<Float64Array>;
  private readonly tip: number;
  private readonly object: number;
  private readonly goal: number;

  constructor(
    mujoco: Mujoco,
    private readonly options: PusherOptions = pusherOptions.parse({}),
  ) {
    super(mujoco, {
      id: ID,
      model: options.model ?? pusherModel,
      frameSkip: options.frameSkip,
      derived: ['xpos'],
    });
    const { qpos, qvel } = this.simulation.entryNames();
    this.observationSpace = observationBox([
      ...qpos.slice(0, ARM_JOINTS),
      ...qvel.slice(0, ARM_JOINTS),
      ...['tip', 'object', 'goal'].flatMap((what) => AXES.map((axis) => `${what} ${axis}`)),
    ]);
    this.tip = this.find('body', 'tips_arm').number;
    this.object = this.find('body', 'object').number;
    this.goal = this.find('body', 'goal').number;
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    const [object, goal] = [qpos.subarray(-4, -2), qpos.subarray(-2)];
    do {
      object[0] = rng.uniform(-0.3, 0);
      object[1] = rng.uniform(-0.2, 0.2);
    } while (object[0] ** 2 + object[1] ** 2 <= SMALLEST_DISTANCE ** 2);
    goal.fill(0);
    addUniformNoise(qvel.subarray(0, -4), VELOCITY_NOISE, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel, xpos } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    for (let i = 0; i < ARM_JOINTS; i++) {
      observation[i] = qpos[i]!;
      observation[ARM_JOINTS + i] = qvel[i]!;
    }
    [this.tip, this.object, this.goal].forEach((body, i) => {
      for (let axis = 0; axis < 3; axis++) {
        observation[2 * ARM_JOINTS + 3 * i + axis] = xpos[3 * body + axis]!;
      }
    });
    return observation;
  }

  protected override judge(action: BoxArray): Outcome<PusherInfo> {
    const { options } = this;
    const { xpos } = this.simulation.arrays;
    const rewardNear = -distanceBetween(xpos, this.object, this.tip) * options.rewardNearWeight;
    const rewardDist = -distanceBetween(xpos, this.object, this.goal) * options.rewardDistWeight;
    const rewardCtrl = -squaredCost(action, options.rewardControlWeight);
    return {
      reward: rewardDist + rewardCtrl + rewardNear,
      terminated: false,
      info: { rewardDist, rewardCtrl, rewardNear },
    };
  }

  protected override resetInfo() {
    return {};
  }
}

export const pusher = defineEnvironment({
  id: ID,
  description: 'Push a cylinder to a goal with an arm of seven joints.',
  options: pusherOptions,
  maxEpisodeSteps: 100,
  create: async (options) => new Pusher(await loadMujoco(), options),
});
