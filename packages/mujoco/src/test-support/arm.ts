import { Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { MujocoEnvironment } from '../mujoco-environment.js';
import type { SensorPart } from '../named-parts.js';
import { type ModelFiles, readModel } from '../node/read-model.js';

export class Arm extends MujocoEnvironment {
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [7], dataType: 'float64' });
  private readonly tip: SensorPart;

  constructor(mujoco: Mujoco, files: ModelFiles) {
    super(mujoco, { id: 'Arm-v0', ...files, frameSkip: 5, derived: ['sensorData'] });
    this.tip = this.find('sensor', 'tip');
  }

  protected perturb(qpos: Float64Array, _qvel: Float64Array, rng: Rng) {
    qpos[0] = rng.uniform(-0.1, 0.1);
  }

  protected makeObservation() {
    const { qpos, qvel } = this.simulation.arrays;
    return Float64Array.of(...qpos, ...qvel, ...this.tip.values);
  }

  protected judge(_action: BoxArray) {
    return { reward: this.simulation.arrays.qpos[0]!, terminated: false, info: {} };
  }

  protected resetInfo() {
    return {};
  }
}

/** An environment whose model is read from the path of a file. */
export const arm = defineEnvironment({
  id: 'Arm-v0',
  description: 'Lift an arm.',
  options: z.object({ path: z.string() }),
  maxEpisodeSteps: 100,
  create: async ({ path }) => new Arm(await loadMujoco(), await readModel(path)),
});
