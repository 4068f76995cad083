import { type Box, type BoxArray, defineEnvironment, type Info, type Rng } from '@maxent/core';
import { z } from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { hopperModel } from '../models/hopper.js';
import { MujocoEnvironment, type Outcome } from '../mujoco-environment.js';
import { controlCost } from './control-cost.js';
import { addUniformNoise } from './noise.js';
import { append, appendClipped, observationBox } from './observation.js';
import {
  boundsOf,
  ctrlCostWeightOption,
  excludeCurrentPositionsOption,
  forwardRewardWeightOption,
  frameSkipOption,
  healthyRewardOption,
  rangeOption,
  resetNoiseScaleOption,
  terminateWhenUnhealthyOption,
} from './options.js';

const ID = 'Hopper-v5';

/** Velocities are observed within these. */
const VELOCITY_RANGE = [-10, 10] as const;

/** Torso height of the reference position, in m. */
const REFERENCE_HEIGHT = 1.25;

const hopperOptions = z.object({
  frameSkip: frameSkipOption(4),
  forwardRewardWeight: forwardRewardWeightOption(),
  ctrlCostWeight: ctrlCostWeightOption(1e-3),
  healthyReward: healthyRewardOption(),
  terminateWhenUnhealthy: terminateWhenUnhealthyOption(),
  healthyStateRange: rangeOption(
    -100,
    100,
    'Healthy joint angles and velocities (all but x, z), bounds excluded.',
  ),
  healthyZRange: rangeOption(0.7, 'Infinity', 'Healthy heights of the torso, bounds excluded.'),
  healthyAngleRange: rangeOption(-0.2, 0.2, 'Healthy angles of the torso, bounds excluded.'),
  resetNoiseScale: resetNoiseScaleOption(5e-3),
  excludeCurrentPositionsFromObservation: excludeCurrentPositionsOption(),
});

export type HopperOptions = z.output<typeof hopperOptions>;

/**
 * Make a planar one-legged robot hop forward: Gymnasium's Hopper-v5. Observation: positions (without x) and
 * velocities clipped to [-10, 10], 11 numbers. Action: three motor controls in [-1, 1]. Reward: x velocity + 1 if
 * healthy - 0.001 times the sum of squared actions; x velocity is the change of x over the step divided by `dt`.
 * Terminates when not healthy: torso at or below 0.7 m, tilted 0.2 rad or more, or an angle or velocity at or beyond
 * 100. Start: uniform noise of 0.005 on positions and velocities. Info: `xPosition`, `zDistanceFromOrigin` (height
 * above the reference), and after steps `xVelocity`, `rewardForward`, `rewardCtrl` (negative) and `rewardSurvive`.
 */
export class Hopper extends MujocoEnvironment {
  readonly observationSpace: Box;
  private readonly skippedPositions: number;
  private readonly stateRange: readonly [number, number];
  private readonly zRange: readonly [number, number];
  private readonly angleRange: readonly [number, number];
  private previousX = 0;

  constructor(
    mujoco: Mujoco,
    private readonly options: HopperOptions = hopperOptions.parse({}),
  ) {
    super(mujoco, { id: ID, model: hopperModel, frameSkip: options.frameSkip });
    const { nq, nv } = this.simulation.model;
    this.skippedPositions = options.excludeCurrentPositionsFromObservation ? 1 : 0;
    this.observationSpace = observationBox(nq + nv - this.skippedPositions);
    this.stateRange = boundsOf(options.healthyStateRange);
    this.zRange = boundsOf(options.healthyZRange);
    this.angleRange = boundsOf(options.healthyAngleRange);
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addUniformNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    const next = append(observation, 0, qpos, this.skippedPositions);
    appendClipped(observation, next, qvel, VELOCITY_RANGE);
    return observation;
  }

  protected override judge(action: BoxArray): Outcome {
    const { options } = this;
    const xPosition = this.simulation.arrays.qpos[0]!;
    const healthy = this.isHealthy();
    const xVelocity = (xPosition - this.previousX) / this.dt;
    const rewardForward = options.forwardRewardWeight * xVelocity;
    const rewardSurvive = healthy ? options.healthyReward : 0;
    const ctrlCost = controlCost(action, options.ctrlCostWeight);
    return {
      reward: rewardForward + rewardSurvive - ctrlCost,
      terminated: !healthy && options.terminateWhenUnhealthy,
      info: { ...this.resetInfo(), xVelocity, rewardForward, rewardCtrl: -ctrlCost, rewardSurvive },
    };
  }

  protected override remember(): void {
    this.previousX = this.simulation.arrays.qpos[0]!;
  }

  protected override resetInfo(): Info {
    const { qpos } = this.simulation.arrays;
    return { xPosition: qpos[0]!, zDistanceFromOrigin: qpos[1]! - REFERENCE_HEIGHT };
  }

  private isHealthy(): boolean {
    const { qpos, qvel } = this.simulation.arrays;
    if (!isInside(qpos[1]!, this.zRange) || !isInside(qpos[2]!, this.angleRange)) return false;
    for (let i = 2; i < qpos.length; i++) if (!isInside(qpos[i]!, this.stateRange)) return false;
    for (let i = 0; i < qvel.length; i++) if (!isInside(qvel[i]!, this.stateRange)) return false;
    return true;
  }
}

function isInside(value: number, [low, high]: readonly [number, number]): boolean {
  return low < value && value < high;
}

export const hopper = defineEnvironment({
  id: ID,
  description: 'Make a planar one-legged robot hop forward without falling.',
  options: hopperOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new Hopper(await loadMujoco(), options),
});
