import { type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { reacherModel } from '../models/reacher.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { distanceBetween } from './distance.js';
import { addUniformNoise } from './noise.js';
import { observationBox } from './observation.js';
import { frameSkipOption, modelOption } from './options.js';
import { squaredCost } from './squared-cost.js';

const ID = 'Reacher-v5';

/** Radius, in m, of the disc in which targets are put, and sizes of the noise of the start. */
const TARGET_RADIUS = 0.2;
const ANGLE_NOISE = 0.1;
const VELOCITY_NOISE = 0.005;

const reacherOptions = z.object({
  frameSkip: frameSkipOption(2),
  rewardDistWeight: z.number().default(1).describe('Weight of the distance to the target, a cost.'),
  rewardControlWeight: z.number().default(1).describe('Weight of the sum of squared actions, a cost.'),
  model: modelOption(),
});

export type ReacherOptions = z.output<typeof reacherOptions>;

/** What steps report. */
export type ReacherInfo = MujocoInfo<'rewardDist' | 'rewardCtrl'>;

/**
 * Move the tip of a two-link arm to a random target: Gymnasium's Reacher-v5. Observation: cosines and sines of the two
 * angles, the target's coordinates, angular velocities, x and y from the target to the fingertip, 10 numbers. Action:
 * two motor controls in [-1, 1]. Reward: minus the distance between fingertip and target - the sum of squared actions.
 * Never terminates. Start: uniform noise of 0.1 on angles and of 0.005 on velocities; the target uniform in a disc of
 * 0.2 m. Info after steps: `rewardDist` and `rewardCtrl`, both negative.
 *
 * Body positions come from MuJoCo's last evaluation within the step, not from the new state.
 */
export class Reacher extends MujocoEnvironment<ReacherInfo> {
  readonly observationSpace = observationBox([
    ...['cos', 'sin'].flatMap((of) => [`${of} angle 1`, `${of} angle 2`]),
    ...['target x', 'target y', 'angular velocity 1', 'angular velocity 2'],
    ...['finger to target x', 'finger to target y'],
  ]);
  private readonly fingertip: number;
  private readonly target: number;

  constructor(
    mujoco: Mujoco,
    private readonly options: ReacherOptions = reacherOptions.parse({}),
  ) {
    super(mujoco, {
      id: ID,
      model: options.model ?? reacherModel,
      frameSkip: options.frameSkip,
      derived: ['xpos'],
    });
    this.fingertip = this.find('body', 'fingertip').number;
    this.target = this.find('body', 'target').number;
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, ANGLE_NOISE, rng);
    addUniformNoise(qvel, VELOCITY_NOISE, rng);
    const target = qpos.subarray(-2);
    do {
      target[0] = rng.uniform(-TARGET_RADIUS, TARGET_RADIUS);
      target[1] = rng.uniform(-TARGET_RADIUS, TARGET_RADIUS);
    } while (target[0] ** 2 + target[1] ** 2 >= TARGET_RADIUS ** 2);
    qvel.fill(0, -2);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel, xpos } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    for (let joint = 0; joint < 2; joint++) {
      observation[joint] = Math.cos(qpos[joint]!);
      observation[2 + joint] = Math.sin(qpos[joint]!);
      observation[4 + joint] = qpos[2 + joint]!;
      observation[6 + joint] = qvel[joint]!;
    }
    for (let axis = 0; axis < 2; axis++) {
      observation[8 + axis] = xpos[3 * this.fingertip + axis]! - xpos[3 * this.target + axis]!;
    }
    return observation;
  }

  protected override judge(action: BoxArray): Outcome<ReacherInfo> {
    const distance = distanceBetween(this.simulation.arrays.xpos, this.fingertip, this.target);
    const rewardDist = -distance * this.options.rewardDistWeight;
    const rewardCtrl = -squaredCost(action, this.options.rewardControlWeight);
    return { reward: rewardDist + rewardCtrl, terminated: false, info: { rewardDist, rewardCtrl } };
  }

  protected override resetInfo() {
    return {};
  }
}

export const reacher = defineEnvironment({
  id: ID,
  description: 'Move the tip of a two-link arm to a random target.',
  options: reacherOptions,
  maxEpisodeSteps: 50,
  create: async (options) => new Reacher(await loadMujoco(), options),
});
