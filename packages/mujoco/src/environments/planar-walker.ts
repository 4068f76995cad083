import type { Box, BoxArray, Rng } from '@maxent/core';
import type { Mujoco } from '../load-mujoco.js';
import type { MjcfElement } from '../mjcf/elements.js';
import type { ModelScaling } from '../model-scaling.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addUniformNoise } from './noise.js';
import { append, appendClipped, observationBox } from './observation.js';
import { squaredCost } from './squared-cost.js';

/** Velocities are observed within these. */
const VELOCITY_RANGE = [-10, 10] as const;

/** The options that Hopper and Walker2d share. */
export interface PlanarWalkerOptions {
  readonly frameSkip: number;
  readonly forwardRewardWeight: number;
  readonly ctrlCostWeight: number;
  readonly healthyReward: number;
  readonly terminateWhenUnhealthy: boolean;
  readonly resetNoiseScale: number;
  readonly excludeCurrentPositionsFromObservation: boolean;
  readonly model?: string | undefined;
}

/** What steps report. */
export type PlanarWalkerInfo = MujocoInfo<
  'xPosition' | 'zDistanceFromOrigin' | 'xVelocity' | 'rewardForward' | 'rewardCtrl' | 'rewardSurvive'
>;

/**
 * The base of Hopper and Walker2d: a robot in the x-z plane, with x, height and angle as its first positions, that is
 * rewarded for moving forward and for staying healthy. Subclasses define what is healthy.
 */
export abstract class PlanarWalker extends MujocoEnvironment<PlanarWalkerInfo> {
  readonly observationSpace: Box<Float64Array>;
  private readonly skippedPositions: number;
  private readonly referenceHeight: number;
  private previousX = 0;

  constructor(
    mujoco: Mujoco,
    id: string,
    model: MjcfElement,
    private readonly common: PlanarWalkerOptions,
    scaling?: ModelScaling,
  ) {
    super(mujoco, { id, model: common.model ?? model, scaling, frameSkip: common.frameSkip });
    this.referenceHeight = (this.simulation.model.qpos0 as Float64Array)[1]!;
    const { qpos, qvel } = this.simulation.entryNames();
    this.skippedPositions = common.excludeCurrentPositionsFromObservation ? 1 : 0;
    this.observationSpace = observationBox([...qpos.slice(this.skippedPositions), ...qvel]);
  }

  protected abstract isHealthy(qpos: Float64Array, qvel: Float64Array): boolean;

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.common.resetNoiseScale, rng);
    addUniformNoise(qvel, this.common.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel } = this.simulation.arrays;
    const observation = new Float64Array(this.observationSpace.flatSize);
    const next = append(observation, 0, qpos, this.skippedPositions);
    appendClipped(observation, next, qvel, VELOCITY_RANGE);
    return observation;
  }

  protected override judge(action: BoxArray): Outcome<PlanarWalkerInfo> {
    const { common } = this;
    const { qpos, qvel } = this.simulation.arrays;
    const healthy = this.isHealthy(qpos, qvel);
    const xVelocity = (qpos[0]! - this.previousX) / this.dt;
    const rewardForward = common.forwardRewardWeight * xVelocity;
    const rewardSurvive = healthy ? common.healthyReward : 0;
    const ctrlCost = squaredCost(action, common.ctrlCostWeight);
    return {
      reward: rewardForward + rewardSurvive - ctrlCost,
      terminated: !healthy && common.terminateWhenUnhealthy,
      info: { xVelocity, rewardForward, rewardCtrl: -ctrlCost, rewardSurvive, ...this.resetInfo() },
    };
  }

  protected override remember(): void {
    this.previousX = this.simulation.arrays.qpos[0]!;
  }

  protected override resetInfo() {
    const { qpos } = this.simulation.arrays;
    return { xPosition: qpos[0]!, zDistanceFromOrigin: qpos[1]! - this.referenceHeight };
  }
}

/** Returns whether a value lies strictly between the bounds. */
export function isInside(value: number, [low, high]: readonly [number, number]): boolean {
  return low < value && value < high;
}
