import { type Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { AXES } from '../entry-names.js';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { humanoidModel } from '../models/humanoid.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addUniformNoise } from './noise.js';
import { append, forceNames, observationBox } from './observation.js';
import {
  boundsOf,
  ctrlCostWeightOption,
  excludeCurrentPositionsOption,
  forwardRewardWeightOption,
  frameSkipOption,
  healthyRewardOption,
  modelOption,
  rangeOption,
  resetNoiseScaleOption,
  terminateWhenUnhealthyOption,
} from './options.js';
import { isInside } from './planar-walker.js';
import { squaredCost } from './squared-cost.js';

const ID = 'Humanoid-v5';

/** The free joint of the torso has no actuators. */
const FREE_JOINT = 6;
/** MuJoCo's `cinert`: the inertia's six numbers, the mass times the center of mass, and the mass. */
const INERTIA = [
  ...['xx', 'yy', 'zz', 'xy', 'xz', 'yz'].map((pair) => `inertia ${pair}`),
  ...AXES.map((axis) => `mass center ${axis}`),
  'mass',
];
/** MuJoCo's `cvel`. */
const VELOCITY = ['turning', 'velocity'].flatMap((kind) => AXES.map((axis) => `${kind} ${axis}`));

const humanoidOptions = z.object({
  frameSkip: frameSkipOption(5),
  forwardRewardWeight: forwardRewardWeightOption(1.25),
  ctrlCostWeight: ctrlCostWeightOption(0.1),
  contactCostWeight: z
    .number()
    .default(5e-7)
    .describe('Weight of the sum of squared contact forces, a cost.'),
  contactCostRange: rangeOption('-Infinity', 10, 'The weighted contact cost is clipped to this range.'),
  healthyReward: healthyRewardOption(5),
  terminateWhenUnhealthy: terminateWhenUnhealthyOption(),
  healthyZRange: rangeOption(1, 2, 'Healthy heights of the torso, bounds excluded.'),
  resetNoiseScale: resetNoiseScaleOption(1e-2),
  excludeCurrentPositionsFromObservation: excludeCurrentPositionsOption(),
  includeCinertInObservation: z
    .boolean()
    .default(true)
    .describe('Observe inertias and masses of the bodies.'),
  includeCvelInObservation: z.boolean().default(true).describe('Observe velocities of the bodies.'),
  includeQfrcActuatorInObservation: z.boolean().default(true).describe('Observe forces of the actuators.'),
  includeCfrcExtInObservation: z.boolean().default(true).describe('Observe the contact forces.'),
  model: modelOption(),
});

export type HumanoidOptions = z.output<typeof humanoidOptions>;

/** What steps report. */
export type HumanoidInfo = MujocoInfo<
  | 'xPosition'
  | 'yPosition'
  | 'distanceFromOrigin'
  | 'xVelocity'
  | 'yVelocity'
  | 'rewardSurvive'
  | 'rewardForward'
  | 'rewardCtrl'
  | 'rewardContact'
> & {
  readonly tendonLength: Float64Array;
  readonly tendonVelocity: Float64Array;
};

/**
 * Make a humanoid walk towards positive x: Gymnasium's Humanoid-v5. Observation: positions (without x, y), velocities,
 * the inertia, velocity and contact force of all bodies but the world, and the actuator force of all joints, 348
 * numbers. Action: 17 motor controls in [-0.4, 0.4]. Reward: 1.25 times the x velocity of the center of mass + 5 if
 * healthy - 0.1 times the sum of squared controls, as MuJoCo holds them - 5e-7 times the sum of squared contact forces,
 * at most
 * 10. Terminates when not healthy: torso height outside (1, 2) m. Start: uniform noise of 0.01 on positions and
 * velocities.
 *
 * A velocity is the change of the center of mass over the step, divided by `dt`. Body positions come from MuJoCo's last
 * evaluation within the step, not from the new state.
 *
 * Info: `xPosition`, `yPosition`, `distanceFromOrigin`, `tendonLength`, `tendonVelocity`, and after steps `xVelocity`,
 * `yVelocity`, `rewardSurvive`, `rewardForward`, `rewardCtrl` and `rewardContact` (both negative).
 */
export class Humanoid extends MujocoEnvironment<HumanoidInfo> {
  readonly observationSpace: Box<Float64Array>;
  private readonly skippedPositions: number;
  private readonly zRange: readonly [number, number];
  private readonly contactCostRange: readonly [number, number];
  private readonly masses: Float64Array;
  private readonly totalMass: number;
  private previousCenter: readonly [number, number] = [0, 0];

  constructor(
    mujoco: Mujoco,
    private readonly options: HumanoidOptions = humanoidOptions.parse({}),
  ) {
    super(mujoco, {
      id: ID,
      model: options.model ?? humanoidModel,
      frameSkip: options.frameSkip,
      derived: ['xipos', 'cinert', 'cvel', 'cfrcExt', 'qfrcActuator', 'tendonLength', 'tendonVelocity'],
    });
    this.skippedPositions = options.excludeCurrentPositionsFromObservation ? 2 : 0;
    const names = this.simulation.entryNames();
    const { qpos, qvel, freedoms, bodies } = names;
    const ofBodies = (entries: readonly string[]) =>
      bodies.slice(1).flatMap((body) => entries.map((entry) => `${body} ${entry}`));
    this.observationSpace = observationBox([
      ...qpos.slice(this.skippedPositions),
      ...qvel,
      ...(options.includeCinertInObservation ? ofBodies(INERTIA) : []),
      ...(options.includeCvelInObservation ? ofBodies(VELOCITY) : []),
      ...(options.includeQfrcActuatorInObservation
        ? freedoms.slice(FREE_JOINT).map((name) => `${name} motor force`)
        : []),
      ...(options.includeCfrcExtInObservation ? forceNames(names) : []),
    ]);
    this.zRange = boundsOf(options.healthyZRange);
    this.contactCostRange = boundsOf(options.contactCostRange);
    this.masses = (this.simulation.model.body_mass as Float64Array).slice();
    this.totalMass = this.masses.reduce((sum, mass) => sum + mass, 0);
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addUniformNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { options } = this;
    const { qpos, qvel, cinert, cvel, qfrcActuator, cfrcExt } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    let next = append(observation, 0, qpos, this.skippedPositions);
    next = append(observation, next, qvel);
    if (options.includeCinertInObservation) next = append(observation, next, cinert, 10);
    if (options.includeCvelInObservation) next = append(observation, next, cvel, 6);
    if (options.includeQfrcActuatorInObservation) {
      next = append(observation, next, qfrcActuator, FREE_JOINT);
    }
    if (options.includeCfrcExtInObservation) append(observation, next, cfrcExt, 6);
    return observation;
  }

  protected override judge(_action: BoxArray): Outcome<HumanoidInfo> {
    const { options } = this;
    const { qpos, ctrl, cfrcExt } = this.simulation.arrays;
    const [x, y] = this.centerOfMass();
    const xVelocity = (x - this.previousCenter[0]) / this.dt;
    const yVelocity = (y - this.previousCenter[1]) / this.dt;
    const healthy = isInside(qpos[2]!, this.zRange);
    const rewardForward = options.forwardRewardWeight * xVelocity;
    const rewardSurvive = healthy ? options.healthyReward : 0;
    const ctrlCost = squaredCost(ctrl, options.ctrlCostWeight);
    const [low, high] = this.contactCostRange;
    const contactCost = Math.min(Math.max(squaredCost(cfrcExt, options.contactCostWeight), low), high);
    return {
      reward: rewardForward + rewardSurvive - (ctrlCost + contactCost),
      terminated: !healthy && options.terminateWhenUnhealthy,
      info: {
        xVelocity,
        yVelocity,
        rewardSurvive,
        rewardForward,
        rewardCtrl: -ctrlCost,
        rewardContact: -contactCost,
        ...this.resetInfo(),
      },
    };
  }

  protected override remember(): void {
    this.previousCenter = this.centerOfMass();
  }

  protected override resetInfo() {
    const { qpos, tendonLength, tendonVelocity } = this.simulation.arrays;
    const [x, y] = [qpos[0]!, qpos[1]!];
    return {
      xPosition: x,
      yPosition: y,
      distanceFromOrigin: Math.sqrt(x * x + y * y),
      tendonLength: tendonLength.slice(),
      tendonVelocity: tendonVelocity.slice(),
    };
  }

  private centerOfMass(): readonly [x: number, y: number] {
    const { xipos } = this.simulation.arrays;
    let [x, y] = [0, 0];
    this.masses.forEach((mass, body) => {
      x += mass * xipos[3 * body]!;
      y += mass * xipos[3 * body + 1]!;
    });
    return [x / this.totalMass, y / this.totalMass];
  }
}

export const humanoid = defineEnvironment({
  id: ID,
  description: 'Make a humanoid walk forward without falling.',
  options: humanoidOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new Humanoid(await loadMujoco(), options),
});
