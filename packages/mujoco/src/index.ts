export { Ant, type AntOptions, ant } from './environments/ant.js';
export { HalfCheetah, type HalfCheetahOptions, halfCheetah } from './environments/half-cheetah.js';
export { Hopper, type HopperOptions, hopper } from './environments/hopper.js';
export {
  InvertedPendulum,
  type InvertedPendulumOptions,
  invertedPendulum,
} from './environments/inverted-pendulum.js';
export { loadMujoco, type Mujoco, type MujocoLoadOptions } from './load-mujoco.js';
export * from './mjcf/elements.js';
export { toXml } from './mjcf/to-xml.js';
export { antModel } from './models/ant.js';
export { halfCheetahModel } from './models/half-cheetah.js';
export { hopperModel } from './models/hopper.js';
export { invertedPendulumModel } from './models/inverted-pendulum.js';
export { MujocoEnvironment, type MujocoTask, type Outcome } from './mujoco-environment.js';
export { mujocoPlugin } from './plugin.js';
export { type PhysicsState, Simulation, type SimulationArrays } from './simulation.js';
