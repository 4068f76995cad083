import { defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { invertedDoublePendulumModel } from '../models/inverted-double-pendulum.js';
import { MujocoEnvironment, type MujocoInfo, type Outcome } from '../mujoco-environment.js';
import { addNormalNoise, addUniformNoise } from './noise.js';
import { observationBox } from './observation.js';
import { frameSkipOption, healthyRewardOption, modelOption, resetNoiseScaleOption } from './options.js';

const ID = 'InvertedDoublePendulum-v5';

/** The height of the tip, in m, at or below which the poles have fallen, and the height with the best reward. */
const FALLEN = 1;
const UPRIGHT = 2;

/** Velocities and the constraint force are observed within plus and minus this. */
const OBSERVED = 10;

const invertedDoublePendulumOptions = z.object({
  frameSkip: frameSkipOption(5),
  healthyReward: healthyRewardOption(10),
  resetNoiseScale: resetNoiseScaleOption(0.1),
  model: modelOption(),
});

export type InvertedDoublePendulumOptions = z.output<typeof invertedDoublePendulumOptions>;

/** What steps report. */
export type InvertedDoublePendulumInfo = MujocoInfo<'rewardSurvive' | 'distancePenalty' | 'velocityPenalty'>;

/**
 * Balance two poles, one on the other, by pushing the cart under them: Gymnasium's InvertedDoublePendulum-v5.
 * Observation: cart position, sines and cosines of the two angles, velocities and the constraint force on the cart,
 * the last four clipped to [-10, 10], 9 numbers. Action: force on the cart in units of 500 N, in [-1, 1]. Reward:
 * 10 - 0.01 x^2 - (y - 2)^2 - 0.001 v1^2 - 0.005 v2^2, with x and y of the tip and the angular velocities v1 and v2;
 * the 10 is not paid when the tip is at or below 1 m, which ends the episode. Start: uniform noise of 0.1 on positions,
 * normal noise of 0.1 on velocities. Info after steps: `rewardSurvive`, `distancePenalty` and `velocityPenalty`, both
 * negative.
 *
 * The tip's position comes from MuJoCo's last evaluation within the step, not from the new state.
 */
export class InvertedDoublePendulum extends MujocoEnvironment<InvertedDoublePendulumInfo> {
  readonly observationSpace = observationBox([
    'cart position',
    ...['sin', 'cos'].flatMap((of) => [`${of} angle 1`, `${of} angle 2`]),
    ...['cart velocity', 'angular velocity 1', 'angular velocity 2', 'constraint force'],
  ]);

  constructor(
    mujoco: Mujoco,
    private readonly options: InvertedDoublePendulumOptions = invertedDoublePendulumOptions.parse({}),
  ) {
    super(mujoco, {
      id: ID,
      model: options.model ?? invertedDoublePendulumModel,
      frameSkip: options.frameSkip,
      derived: ['siteXpos', 'qfrcConstraint'],
    });
  }

  protected override perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void {
    addUniformNoise(qpos, this.options.resetNoiseScale, rng);
    addNormalNoise(qvel, this.options.resetNoiseScale, rng);
  }

  protected override makeObservation(): Float64Array {
    const { qpos, qvel, qfrcConstraint } = this.simulation.arrays;
    const [a, b] = [qpos[1]!, qpos[2]!];
    return Float64Array.of(
      qpos[0]!,
      Math.sin(a),
      Math.sin(b),
      Math.cos(a),
      Math.cos(b),
      clip(qvel[0]!),
      clip(qvel[1]!),
      clip(qvel[2]!),
      clip(qfrcConstraint[0]!),
    );
  }

  protected override judge(): Outcome<InvertedDoublePendulumInfo> {
    const { siteXpos, qvel } = this.simulation.arrays;
    const [x, y] = [siteXpos[0]!, siteXpos[2]!];
    const terminated = y <= FALLEN;
    const rewardSurvive = terminated ? 0 : this.options.healthyReward;
    const distance = 0.01 * x ** 2 + (y - UPRIGHT) ** 2;
    const velocity = 1e-3 * qvel[1]! ** 2 + 5e-3 * qvel[2]! ** 2;
    return {
      reward: rewardSurvive - distance - velocity,
      terminated,
      info: { rewardSurvive, distancePenalty: -distance, velocityPenalty: -velocity },
    };
  }

  protected override resetInfo() {
    return {};
  }
}

function clip(value: number): number {
  return Math.min(Math.max(value, -OBSERVED), OBSERVED);
}

export const invertedDoublePendulum = defineEnvironment({
  id: ID,
  description: 'Balance two poles, one on the other, by pushing the cart under them.',
  options: invertedDoublePendulumOptions,
  maxEpisodeSteps: 1000,
  create: async (options) => new InvertedDoublePendulum(await loadMujoco(), options),
});
