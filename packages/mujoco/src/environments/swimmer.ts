import { type Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { swimmerModel } from '../models/swimmer.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addUniformNoise } from './noise.js';
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

const ID = 'Swimmer-v5';

const swimmerOptions = z.object({
  frameSkip: frameSkipOption(4),
  forwardRewardWeight: forwardRewardWeightOption(),
  ctrlCostWeight: ctrlCostWeightOption(1e-4),
  resetNoiseScale: resetNoiseScaleOption(0.1),
  excludeCurrentPositionsFromObservation: excludeCurrentPositionsOption(),
  model: modelOption(),
});

export type SwimmerOptions = z.output<typeof swimmerOptions>;

/** What steps report. */
export type SwimmerInfo = MujocoInfo<
  | 'xPosition'
  | 'yPosition'
  | 'distanceFromOrigin'
  | 'xVelocity'
  | 'yVelocity'
  | 'rewardForward'
  | 'rewardCtrl'
>;

/**
 * Make three rods swim towards positive x: Gymnasium's Swimmer-v5. Observation: positions (without x, y) and
 * velocities, 8 numbers. Action: two motor controls in [-1, 1]. Reward: x velocity - 0.0001 times the sum of squared
 * actions; velocities are changes of position over the step divided by `dt`. Never terminates. Start: uniform noise of
 * 0.1 on positions and velocities. Info: `xPosition`, `yPosition`, `distanceFromOrigin`, and after steps `xVelocity`,
 * `yVelocity`, `rewardForward` and `rewardCtrl` (negative).
 */
export class Swimmer extends MujocoEnvironment<SwimmerInfo> {
  readonly observationSpace: Box<Float64Array>;
  private readonly skippedPositions: number;
  private previousX = 0;
  private previousY = 0;

  constructor(
    mujoco: Mujoco,
    private readonly options: SwimmerOptions = swimmerOptions.parse({}),
  ) {
    super(mujoco, { id: ID, model: options.model ?? swimmerModel, frameSkip: options.frameSkip });
    const { qpos, qvel } = this.simulation.entryNames();
    this.skippedPositions = options.excludeCurrentPositionsFromObservation ? 2 : 0;
    this.observationSpace = observationBox([...qpos.slice(this.skippedPositions), ...qvel]);
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addUniformNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    const next = append(observation, 0, qpos, this.skippedPositions);
    append(observation, next, qvel);
    return observation;
  }

  protected override judge(action: BoxArray): Outcome<SwimmerInfo> {
    const { qpos } = this.simulation.arrays;
    const xVelocity = (qpos[0]! - this.previousX) / this.dt;
    const yVelocity = (qpos[1]! - this.previousY) / this.dt;
    const rewardForward = this.options.forwardRewardWeight * xVelocity;
    const ctrlCost = squaredCost(action, this.options.ctrlCostWeight);
    return {
      reward: rewardForward - ctrlCost,
      terminated: false,
      info: { xVelocity, yVelocity, rewardForward, rewardCtrl: -ctrlCost, ...this.resetInfo() },
    };
  }

  protected override remember(): void {
    const { qpos } = this.simulation.arrays;
    this.previousX = qpos[0]!;
    this.previousY = qpos[1]!;
  }

  protected override resetInfo() {
    const { qpos } = this.simulation.arrays;
    const [x, y] = [qpos[0]!, qpos[1]!];
    return { xPosition: x, yPosition: y, distanceFromOrigin: Math.sqrt(x * x + y * y) };
  }
}

export const swimmer = defineEnvironment({
  id: ID,
  description: 'Make three rods swim forward.',
  options: swimmerOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new Swimmer(await loadMujoco(), options),
});
