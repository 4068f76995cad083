import { defineEnvironment } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import type { ModelScaling } from '../model-scaling.js';
import { walker2dModel } from '../models/walker2d.js';
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

const ID = 'Walker2d-v5';

const walker2dOptions = z.object({
  frameSkip: frameSkipOption(4),
  forwardRewardWeight: forwardRewardWeightOption(),
  ctrlCostWeight: ctrlCostWeightOption(1e-3),
  healthyReward: healthyRewardOption(),
  terminateWhenUnhealthy: terminateWhenUnhealthyOption(),
  healthyZRange: rangeOption(0.8, 2, 'Healthy heights of the torso, bounds excluded.'),
  healthyAngleRange: rangeOption(-1, 1, 'Healthy angles of the torso, bounds excluded.'),
  resetNoiseScale: resetNoiseScaleOption(5e-3),
  excludeCurrentPositionsFromObservation: excludeCurrentPositionsOption(),
  model: modelOption(),
});

export type Walker2dOptions = z.output<typeof walker2dOptions>;

/**
 * Make a planar two-legged robot walk forward: Gymnasium's Walker2d-v5. Observation: positions (without x) and
 * velocities clipped to [-10, 10], 17 numbers. Action: six motor controls in [-1, 1]. Reward: x velocity + 1 if
 * healthy - 0.001 times the sum of squared actions; x velocity is the change of x over the step divided by `dt`.
 * Terminates when not healthy: torso height outside (0.8, 2) m, or tilted 1 rad or more. Start: uniform noise of
 * 0.005 on positions and velocities. Info: `xPosition`, `zDistanceFromOrigin` (height above the reference), and after
 * steps `xVelocity`, `rewardForward`, `rewardCtrl` (negative) and `rewardSurvive`.
 */
export class Walker2d extends PlanarWalker {
  private readonly zRange: readonly [number, number];
  private readonly angleRange: readonly [number, number];

  /** `scaling` multiplies the model's physics. */
  constructor(mujoco: Mujoco, options: Walker2dOptions = walker2dOptions.parse({}), scaling?: ModelScaling) {
    super(mujoco, ID, walker2dModel, options, scaling);
    this.zRange = boundsOf(options.healthyZRange);
    this.angleRange = boundsOf(options.healthyAngleRange);
  }

  protected override isHealthy(qpos: Float64Array): boolean {
    return isInside(qpos[1]!, this.zRange) && isInside(qpos[2]!, this.angleRange);
  }
}

export const walker2d = defineEnvironment({
  id: ID,
  description: 'Make a planar two-legged robot walk forward without falling.',
  options: walker2dOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new Walker2d(await loadMujoco(), options),
});
