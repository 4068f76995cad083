import { defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { invertedPendulumModel } from '../models/inverted-pendulum.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addUniformNoise } from './noise.js';
import { observationBox } from './observation.js';
import { frameSkipOption, modelOption, resetNoiseScaleOption } from './options.js';

const ID = 'InvertedPendulum-v5';

const invertedPendulumOptions = z.object({
  frameSkip: frameSkipOption(2),
  resetNoiseScale: resetNoiseScaleOption(0.01),
  model: modelOption(),
});

export type InvertedPendulumOptions = z.output<typeof invertedPendulumOptions>;

/** Largest angle from upright, in rad, at which the pole counts as standing. */
const ANGLE_LIMIT = 0.2;

/** What steps report. */
export type InvertedPendulumInfo = MujocoInfo<'rewardSurvive'>;

/**
 * Balance a pole by pushing the cart under it: Gymnasium's InvertedPendulum-v5. Observation: cart position in m, pole
 * angle in rad, their velocities. Action: force on the cart in units of 100 N, in [-3, 3]. Reward: 1 while the pole
 * is within 0.2 rad of upright, else 0 and the episode ends. Start: uniform noise of 0.01 on positions and
 * velocities. Info: `rewardSurvive`, the reward.
 */
export class InvertedPendulum extends MujocoEnvironment<InvertedPendulumInfo> {
  readonly observationSpace = observationBox([
    'cart position',
    'pole angle',
    'cart velocity',
    'angular velocity',
  ]);

  constructor(
    mujoco: Mujoco,
    private readonly options: InvertedPendulumOptions = invertedPendulumOptions.parse({}),
  ) {
    super(mujoco, { id: ID, model: options.model ?? invertedPendulumModel, frameSkip: options.frameSkip });
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addUniformNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel } = this.simulation.arrays;
    return Float64Array.of(qpos[0]!, qpos[1]!, qvel[0]!, qvel[1]!);
  }

  protected override judge(): Outcome<InvertedPendulumInfo> {
    const { qpos, qvel } = this.simulation.arrays;
    const finite = Number.isFinite(qpos[0]! + qpos[1]! + qvel[0]! + qvel[1]!);
    const terminated = !finite || Math.abs(qpos[1]!) > ANGLE_LIMIT;
    const reward = terminated ? 0 : 1;
    return { reward, terminated, info: { rewardSurvive: reward } };
  }

  protected override resetInfo() {
    return {};
  }
}

export const invertedPendulum = defineEnvironment({
  id: ID,
  description: 'Balance a pole by pushing the cart under it.',
  options: invertedPendulumOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new InvertedPendulum(await loadMujoco(), options),
});
