import { defineEnvironment } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import type { ModelScaling } from '../model-scaling.js';
import { hopperModel } from '../models/hopper.js';
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
import { isInside, PlanarWalker } from './planar-walker.js';

const ID = 'Hopper-v5';

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
  model: modelOption(),
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
export class Hopper extends PlanarWalker {
  private readonly stateRange: readonly [number, number];
  private readonly zRange: readonly [number, number];
  private readonly angleRange: readonly [number, number];

  /** `scaling` multiplies the model's physics. */
  constructor(mujoco: Mujoco, options: HopperOptions = hopperOptions.parse({}), scaling?: ModelScaling) {
    super(mujoco, ID, hopperModel, options, scaling);
    this.stateRange = boundsOf(options.healthyStateRange);
    this.zRange = boundsOf(options.healthyZRange);
    this.angleRange = boundsOf(options.healthyAngleRange);
  }

  protected override isHealthy(qpos: Float64Array, qvel: Float64Array): boolean {
    if (!isInside(qpos[1]!, this.zRange) || !isInside(qpos[2]!, this.angleRange)) return false;
    for (let i = 2; i < qpos.length; i++) if (!isInside(qpos[i]!, this.stateRange)) return false;
    for (let i = 0; i < qvel.length; i++) if (!isInside(qvel[i]!, this.stateRange)) return false;
    return true;
  }
}

export const hopper = defineEnvironment({
  id: ID,
  description: 'Make a planar one-legged robot hop forward without falling.',
  options: hopperOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new Hopper(await loadMujoco(), options),
});
