import { expect, it } from 'vitest';
import { loadMujoco } from './load-mujoco.js';
import { Simulation } from './simulation.js';
import { Arm } from './test-support/arm.js';

it('a model that cannot be acted in is refused with what to add, and can still be simulated', async () => {
  const mujoco = await loadMujoco();
  const model =
    '<mujoco><worldbody><body><joint name="hinge"/><geom size="0.1"/></body></worldbody></mujoco>';
  expect(() => new Arm(mujoco, { model, assets: {} })).toThrow(
    "model: the model of Arm-v0 has no actuators, so an agent could do nothing in it; add one to the model's <actuator>",
  );
  const simulation = new Simulation(mujoco, { xml: model });
  expect(simulation.model.nu).toBe(0);
  simulation.delete();
});
