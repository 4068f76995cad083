import { parseConfig } from '@maxent/core';
import { Ant, type AntInfo, ant } from '../environments/ant.js';
import { Humanoid, type HumanoidInfo, humanoid } from '../environments/humanoid.js';
import { Swimmer, type SwimmerInfo, swimmer } from '../environments/swimmer.js';
import { loadMujoco } from '../load-mujoco.js';
import type { MujocoEnvironment, MujocoInfo } from '../mujoco-environment.js';

/** Where a robot is on the ground, and how fast. */
export type GroundInfo = MujocoInfo<'xPosition' | 'yPosition' | 'xVelocity' | 'yVelocity'>;

/** A robot without a reward for moving, with the costs of the worlds of latent space policies. */
export interface Walker<Name extends string, StepInfo extends GroundInfo> {
  /** The beginning of the names of its environments. */
  readonly name: Name;
  /** What the robot is, in a sentence. */
  readonly description: string;
  readonly make: () => Promise<MujocoEnvironment<StepInfo>>;
}

/**
 * Rewards and costs come from the environments in which Haarnoja et al. (2018) train movement skills. The ant gets 0.05
 * per step for being healthy and pays 0.005 |a|^2 and the contact cost of Ant-v5. The humanoid gets 0.2 and pays 0.001
 * |u|^2 and the contact cost of Humanoid-v5. The swimmer has neither rewards nor costs.
 */
export const SWIMMER: Walker<'Swimmer', SwimmerInfo> = {
  name: 'Swimmer',
  description: 'swim with three rods',
  make: async () =>
    new Swimmer(
      await loadMujoco(),
      parseConfig(swimmer.options, { forwardRewardWeight: 0, ctrlCostWeight: 0 }),
    ),
};

export const ANT: Walker<'Ant', AntInfo> = {
  name: 'Ant',
  description: 'walk on four legs',
  make: async () =>
    new Ant(
      await loadMujoco(),
      parseConfig(ant.options, {
        forwardRewardWeight: 0,
        ctrlCostWeight: 0.005,
        healthyReward: 0.05,
        includeCfrcExtInObservation: false,
      }),
    ),
};

export const HUMANOID: Walker<'Humanoid', HumanoidInfo> = {
  name: 'Humanoid',
  description: 'walk on two legs',
  make: async () =>
    new Humanoid(
      await loadMujoco(),
      parseConfig(humanoid.options, { forwardRewardWeight: 0, ctrlCostWeight: 0.001, healthyReward: 0.2 }),
    ),
};
