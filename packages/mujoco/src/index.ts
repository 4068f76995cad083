export type { BodyPoses, PoseArrays } from './body-poses.js';
export type { ModelAssets } from './compile-model.js';
export { Ant, type AntInfo, type AntOptions, ant } from './environments/ant.js';
export {
  HalfCheetah,
  type HalfCheetahInfo,
  type HalfCheetahOptions,
  halfCheetah,
} from './environments/half-cheetah.js';
export { Hopper, type HopperOptions, hopper } from './environments/hopper.js';
export { Humanoid, type HumanoidInfo, type HumanoidOptions, humanoid } from './environments/humanoid.js';
export {
  InvertedDoublePendulum,
  type InvertedDoublePendulumInfo,
  type InvertedDoublePendulumOptions,
  invertedDoublePendulum,
} from './environments/inverted-double-pendulum.js';
export {
  InvertedPendulum,
  type InvertedPendulumInfo,
  type InvertedPendulumOptions,
  invertedPendulum,
} from './environments/inverted-pendulum.js';
export type { PlanarWalkerInfo } from './environments/planar-walker.js';
export { Pusher, type PusherInfo, type PusherOptions, pusher } from './environments/pusher.js';
export { Reacher, type ReacherInfo, type ReacherOptions, reacher } from './environments/reacher.js';
export { Swimmer, type SwimmerInfo, type SwimmerOptions, swimmer } from './environments/swimmer.js';
export { Walker2d, type Walker2dOptions, walker2d } from './environments/walker2d.js';
export { antMaze } from './hierarchy-worlds/ant-maze.js';
export {
  antMultiDirection,
  humanoidMultiDirection,
  swimmerMultiDirection,
} from './hierarchy-worlds/multi-direction.js';
export { antRandomGoal, humanoidRandomGoal, swimmerRandomGoal } from './hierarchy-worlds/random-goal.js';
export { loadMujoco, type Mujoco, type MujocoLoadOptions } from './load-mujoco.js';
export * from './mjcf/elements.js';
export { toXml } from './mjcf/to-xml.js';
export type { ModelScaling } from './model-scaling.js';
export { antModel, antModelAmong } from './models/ant.js';
export { halfCheetahModel } from './models/half-cheetah.js';
export { hopperModel } from './models/hopper.js';
export { humanoidModel } from './models/humanoid.js';
export { invertedDoublePendulumModel } from './models/inverted-double-pendulum.js';
export { invertedPendulumModel } from './models/inverted-pendulum.js';
export { pusherModel } from './models/pusher.js';
export { reacherModel } from './models/reacher.js';
export { swimmerModel } from './models/swimmer.js';
export { walker2dModel } from './models/walker2d.js';
export {
  MujocoEnvironment,
  type MujocoInfo,
  type MujocoTask,
  type Outcome,
  type PictureOptions,
} from './mujoco-environment.js';
export type {
  ActuatorPart,
  JointPart,
  NamedParts,
  Part,
  PartKind,
  PlacedPart,
  SensorPart,
  TendonPart,
} from './named-parts.js';
export { mujocoPlugin } from './plugin.js';
export type { PictureSize } from './render/draw-svg.js';
export type { CameraOptions } from './render/stage.js';
export type { ModelSource } from './shared-model.js';
export { type PhysicsState, Simulation, type SimulationArrays } from './simulation.js';
export { antDirectionFamily, antGoalFamily, type GoalTask } from './task-families/ant.js';
export type { AngleTask, Directions } from './task-families/directions.js';
export {
  type DirectionTask,
  halfCheetahDirectionFamily,
  halfCheetahVelocityFamily,
  type VelocityTask,
} from './task-families/half-cheetah.js';
export { humanoidDirectionFamily } from './task-families/humanoid.js';
export { hopperParametersFamily, walker2dParametersFamily } from './task-families/random-parameters.js';
