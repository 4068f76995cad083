import { type Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { halfCheetahModel } from '../models/half-cheetah.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addNormalNoise, addUniformNoise } from './noise.js';
import { append, observationBox } from './observation.js';
import {
  ctrlCostWeightOption,
  excludeCurrentPositionsOption,
  forwardRewardWeightOption,
  frameSkipOption,
  modelOption,
  resetNoiseScaleOption,
} from './options.js';
import { squaredCost } from './squared-cost.js';

const ID = 'HalfCheetah-v5';

const halfCheetahOptions = z.object({
  frameSkip: frameSkipOption(5),
  forwardRewardWeight: forwardRewardWeightOption(),
  ctrlCostWeight: ctrlCostWeightOption(0.1),
  resetNoiseScale: resetNoiseScaleOption(0.1),
  excludeCurrentPositionsFromObservation: excludeCurrentPositionsOption(),
  model: modelOption(),
});

export type HalfCheetahOptions = z.output<typeof halfCheetahOptions>;

/** What steps report. */
export type HalfCheetahInfo = MujocoInfo<'xPosition' | 'xVelocity' | 'rewardForward' | 'rewardCtrl'>;

/**
 * Make a planar two-legged robot run forward: Gymnasium's HalfCheetah-v5. Observation: positions (without x) and
 * velocities, 17 numbers. Action: six motor controls in [-1, 1]. Reward: x velocity - 0.1 times the sum of squared
 * actions; x velocity is the change of x over the step divided by `dt`. Never terminates. Start: uniform noise of 0.1
 * on positions, normal noise of 0.1 on velocities. Info: `xPosition`, and after steps `xVelocity`, `rewardForward`
 * and `rewardCtrl` (negative).
 */
export class HalfCheetah extends MujocoEnvironment<HalfCheetahInfo> {
  readonly observationSpace: Box<Float64Array>;
  private readonly skippedPositions: number;
  private previousX = 0;

  constructor(
    mujoco: Mujoco,
    private readonly options: HalfCheetahOptions = halfCheetahOptions.parse({}),
  ) {
    super(mujoco, { id: ID, model: options.model ?? halfCheetahModel, frameSkip: options.frameSkip });
    const { qpos, qvel } = this.simulation.entryNames();
    this.skippedPositions = options.excludeCurrentPositionsFromObservation ? 1 : 0;
    this.observationSpace = observationBox([...qpos.slice(this.skippedPositions), ...qvel]);
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addNormalNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    const next = append(observation, 0, qpos, this.skippedPositions);
    append(observation, next, qvel);
    return observation;
  }

  protected override judge(action: BoxArray): Outcome<HalfCheetahInfo> {
    const xPosition = this.simulation.arrays.qpos[0]!;
    const xVelocity = (xPosition - this.previousX) / this.dt;
    const rewardForward = this.options.forwardRewardWeight * xVelocity;
    const ctrlCost = squaredCost(action, this.options.ctrlCostWeight);
    const info = { xPosition, xVelocity, rewardForward, rewardCtrl: -ctrlCost };
    return { reward: rewardForward - ctrlCost, terminated: false, info };
  }

  protected override remember(): void {
    this.previousX = this.simulation.arrays.qpos[0]!;
  }

  protected override resetInfo() {
    return { xPosition: this.simulation.arrays.qpos[0]! };
  }
}

export const halfCheetah = defineEnvironment({
  id: ID,
  description: 'Make a planar two-legged robot run forward.',
  options: halfCheetahOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new HalfCheetah(await loadMujoco(), options),
});
