import { Box, defineEnvironment, definePlugin, type Rng } from '@maxent/core';
import { loadMujoco, MujocoEnvironment } from '@maxent/mujoco';
import { readModel } from '@maxent/mujoco/node';
import * as z from 'zod';

/** dm_control's cheetah, or any robot with a sensor of that name: the faster it runs along x, up to 10 m/s, the better. */
class Run extends MujocoEnvironment {
  readonly observationSpace = new Box({
    low: -Infinity,
    high: Infinity,
    // Without the position along x, on which running does not depend.
    shape: [this.simulation.model.nq - 1 + this.simulation.model.nv],
    dataType: 'float64',
  });
  private readonly speed = this.find('sensor', 'torso_subtreelinvel');

  protected perturb(qpos: Float64Array, _qvel: Float64Array, rng: Rng) {
    for (let i = 0; i < qpos.length; i++) qpos[i]! += rng.uniform(-0.1, 0.1);
  }

  protected makeObservation() {
    const { qpos, qvel } = this.simulation.arrays;
    return Float64Array.of(...qpos.subarray(1), ...qvel);
  }

  protected judge() {
    const speed = this.speed.values[0]!;
    return { reward: Math.min(Math.max(speed / 10, 0), 1), terminated: false, info: { speed } };
  }

  protected resetInfo() {
    return {};
  }
}

const run = defineEnvironment({
  id: 'Run-v0',
  description: 'Run forward with the robot of a model file.',
  options: z.object({
    path: z.string().describe('The MJCF file; its includes and meshes lie in its folder.'),
  }),
  maxEpisodeSteps: 1000,
  create: async ({ path }) =>
    new Run(await loadMujoco(), {
      id: 'Run-v0',
      ...(await readModel(path)),
      frameSkip: 1,
      derived: ['sensorData'],
    }),
});

export const plugin = definePlugin({ name: 'robot', environments: [run] });
