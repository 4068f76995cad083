import {
  type Box,
  type BoxArray,
  defineEnvironment,
  InvalidInputError,
  type Rng,
  showValue,
} from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { antModel } from '../models/ant.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addNormalNoise, addUniformNoise } from './noise.js';
import { append, appendClipped, forceNames, observationBox } from './observation.js';
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
import { squaredCost } from './squared-cost.js';

const ID = 'Ant-v5';

/** Contact forces of the world, which are always 0, are not observed. */
const WORLD_FORCES = 6;

const antOptions = z.object({
  frameSkip: frameSkipOption(5),
  forwardRewardWeight: forwardRewardWeightOption(),
  ctrlCostWeight: ctrlCostWeightOption(0.5),
  contactCostWeight: z
    .number()
    .default(5e-4)
    .describe('Weight of the sum of squared, clipped contact forces, a cost.'),
  healthyReward: healthyRewardOption(),
  mainBody: z
    .union([z.int().positive(), z.string().min(1)])
    .default(1)
    .describe('Number or name of the body whose displacement is rewarded; the world is body 0.'),
  terminateWhenUnhealthy: terminateWhenUnhealthyOption(),
  healthyZRange: rangeOption(0.2, 1, 'Healthy heights of the torso, bounds included.'),
  contactForceRange: rangeOption(-1, 1, 'Contact forces and torques are clipped to this range.'),
  resetNoiseScale: resetNoiseScaleOption(0.1),
  excludeCurrentPositionsFromObservation: excludeCurrentPositionsOption(),
  includeCfrcExtInObservation: z.boolean().default(true).describe('Observe the clipped contact forces.'),
  model: modelOption(),
});

export type AntOptions = z.output<typeof antOptions>;

/** What steps report. */
export type AntInfo = MujocoInfo<
  | 'xPosition'
  | 'yPosition'
  | 'distanceFromOrigin'
  | 'xVelocity'
  | 'yVelocity'
  | 'rewardForward'
  | 'rewardCtrl'
  | 'rewardContact'
  | 'rewardSurvive'
>;

/**
 * Make a four-legged robot walk towards positive x: Gymnasium's Ant-v5. Observation: positions (without x, y; the
 * torso's orientation is a quaternion), velocities, and the contact force and torque on each of the 13 bodies clipped
 * to [-1, 1], 105 numbers. Action: eight motor controls in [-1, 1]. Reward: x velocity + 1 if healthy - 0.5 times the
 * sum of squared actions - 0.0005 times the sum of squared clipped contact forces. Terminates when not healthy: a
 * state that is not finite, or the torso outside [0.2, 1] m. Start: uniform noise of 0.1 on positions, normal noise of
 * 0.1 on velocities.
 *
 * A velocity is the change of the main body's `xpos` over the step, divided by `dt`. After a step, `xpos` comes from
 * MuJoCo's last evaluation within the step, not from the new state.
 *
 * Info: `xPosition`, `yPosition`, `distanceFromOrigin`, and after steps `xVelocity`, `yVelocity`, `rewardForward`,
 * `rewardCtrl`, `rewardContact` (both negative) and `rewardSurvive`.
 */
export class Ant extends MujocoEnvironment<AntInfo> {
  readonly observationSpace: Box<Float64Array>;
  private readonly skippedPositions: number;
  private readonly zRange: readonly [number, number];
  private readonly forceRange: readonly [number, number];
  /** Where the main body's position begins in `xpos`. */
  private readonly mainBody: number;
  private previousX = 0;
  private previousY = 0;

  constructor(
    mujoco: Mujoco,
    private readonly options: AntOptions = antOptions.parse({}),
  ) {
    super(mujoco, {
      id: ID,
      model: options.model ?? antModel,
      frameSkip: options.frameSkip,
      derived: ['xpos', 'cfrcExt'],
    });
    const names = this.simulation.entryNames();
    this.mainBody = 3 * this.numberOf(options.mainBody);
    this.skippedPositions = options.excludeCurrentPositionsFromObservation ? 2 : 0;
    this.observationSpace = observationBox([
      ...names.qpos.slice(this.skippedPositions),
      ...names.qvel,
      ...(options.includeCfrcExtInObservation ? forceNames(names) : []),
    ]);
    this.zRange = boundsOf(options.healthyZRange);
    this.forceRange = boundsOf(options.contactForceRange);
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addNormalNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel, cfrcExt } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    const afterPositions = append(observation, 0, qpos, this.skippedPositions);
    const afterVelocities = append(observation, afterPositions, qvel);
    if (this.options.includeCfrcExtInObservation) {
      appendClipped(observation, afterVelocities, cfrcExt, this.forceRange, WORLD_FORCES);
    }
    return observation;
  }

  protected override judge(action: BoxArray): Outcome<AntInfo> {
    const { options } = this;
    const { xpos } = this.simulation.arrays;
    const healthy = this.isHealthy();
    const xVelocity = (xpos[this.mainBody]! - this.previousX) / this.dt;
    const yVelocity = (xpos[this.mainBody + 1]! - this.previousY) / this.dt;
    const rewardForward = xVelocity * options.forwardRewardWeight;
    const rewardSurvive = healthy ? options.healthyReward : 0;
    const ctrlCost = squaredCost(action, options.ctrlCostWeight);
    const contactCost = options.contactCostWeight * this.squaredForces();
    return {
      reward: rewardForward + rewardSurvive - (ctrlCost + contactCost),
      terminated: !healthy && options.terminateWhenUnhealthy,
      info: {
        xVelocity,
        yVelocity,
        rewardForward,
        rewardCtrl: -ctrlCost,
        rewardContact: -contactCost,
        rewardSurvive,
        ...this.resetInfo(),
      },
    };
  }

  protected override remember(): void {
    const { xpos } = this.simulation.arrays;
    this.previousX = xpos[this.mainBody]!;
    this.previousY = xpos[this.mainBody + 1]!;
  }

  protected override resetInfo() {
    const { qpos } = this.simulation.arrays;
    const [x, y] = [qpos[0]!, qpos[1]!];
    return { xPosition: x, yPosition: y, distanceFromOrigin: Math.sqrt(x * x + y * y) };
  }

  private numberOf(body: number | string): number {
    const { nbody } = this.simulation.model;
    const number = typeof body === 'string' ? this.simulation.numberOf('body', body) : body;
    if (number !== undefined && number < nbody) return number;
    this.close();
    throw new InvalidInputError(
      'mainBody',
      `expected a body of the model by name or by a number below ${nbody}, got ${showValue(body)}`,
    );
  }

  private isHealthy(): boolean {
    const { qpos, qvel } = this.simulation.arrays;
    for (let i = 0; i < qpos.length; i++) if (!Number.isFinite(qpos[i]!)) return false;
    for (let i = 0; i < qvel.length; i++) if (!Number.isFinite(qvel[i]!)) return false;
    const [low, high] = this.zRange;
    return low <= qpos[2]! && qpos[2]! <= high;
  }

  private squaredForces(): number {
    const { cfrcExt } = this.simulation.arrays;
    const [low, high] = this.forceRange;
    let sum = 0;
    for (let i = 0; i < cfrcExt.length; i++) {
      const force = Math.min(Math.max(cfrcExt[i]!, low), high);
      sum += force * force;
    }
    return sum;
  }
}

export const ant = defineEnvironment({
  id: ID,
  description: 'Make a four-legged robot walk forward.',
  options: antOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new Ant(await loadMujoco(), options),
});
