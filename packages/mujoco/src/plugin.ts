import {
  definePlugin,
  type EnvironmentId,
  type RegisteredEnvironments,
  type RegisteredTaskFamilies,
  type TaskFamilyId,
} from '@maxent/core';
import { ant } from './environments/ant.js';
import { halfCheetah } from './environments/half-cheetah.js';
import { hopper } from './environments/hopper.js';
import { humanoid } from './environments/humanoid.js';
import { invertedDoublePendulum } from './environments/inverted-double-pendulum.js';
import { invertedPendulum } from './environments/inverted-pendulum.js';
import { pusher } from './environments/pusher.js';
import { reacher } from './environments/reacher.js';
import { swimmer } from './environments/swimmer.js';
import { walker2d } from './environments/walker2d.js';
import { antMaze } from './hierarchy-worlds/ant-maze.js';
import {
  antMultiDirection,
  humanoidMultiDirection,
  swimmerMultiDirection,
} from './hierarchy-worlds/multi-direction.js';
import { antRandomGoal, humanoidRandomGoal, swimmerRandomGoal } from './hierarchy-worlds/random-goal.js';
import { antDirectionFamily, antGoalFamily } from './task-families/ant.js';
import { halfCheetahDirectionFamily, halfCheetahVelocityFamily } from './task-families/half-cheetah.js';
import { humanoidDirectionFamily } from './task-families/humanoid.js';
import { hopperParametersFamily, walker2dParametersFamily } from './task-families/random-parameters.js';

// Tell the compiler their names.
declare module '@maxent/core' {
  interface RegisteredEnvironments {
    'InvertedPendulum-v5': typeof invertedPendulum;
    'InvertedDoublePendulum-v5': typeof invertedDoublePendulum;
    'Reacher-v5': typeof reacher;
    'Pusher-v5': typeof pusher;
    'Swimmer-v5': typeof swimmer;
    'Hopper-v5': typeof hopper;
    'Walker2d-v5': typeof walker2d;
    'HalfCheetah-v5': typeof halfCheetah;
    'Ant-v5': typeof ant;
    'Humanoid-v5': typeof humanoid;
    'SwimmerMultiDirection-v0': typeof swimmerMultiDirection;
    'AntMultiDirection-v0': typeof antMultiDirection;
    'HumanoidMultiDirection-v0': typeof humanoidMultiDirection;
    'SwimmerRandomGoal-v0': typeof swimmerRandomGoal;
    'AntRandomGoal-v0': typeof antRandomGoal;
    'HumanoidRandomGoal-v0': typeof humanoidRandomGoal;
    'AntMaze-v0': typeof antMaze;
  }
  interface RegisteredTaskFamilies {
    'HalfCheetah-Vel': typeof halfCheetahVelocityFamily;
    'HalfCheetah-Dir': typeof halfCheetahDirectionFamily;
    'Ant-Dir': typeof antDirectionFamily;
    'Ant-Goal': typeof antGoalFamily;
    'Humanoid-Dir': typeof humanoidDirectionFamily;
    'Walker2d-Params': typeof walker2dParametersFamily;
    'Hopper-Params': typeof hopperParametersFamily;
  }
}

/** The environments and task families of this package, for a Registry. */
export const mujocoPlugin = definePlugin({
  name: '@maxent/mujoco',
  environments: [
    invertedPendulum,
    invertedDoublePendulum,
    reacher,
    pusher,
    swimmer,
    hopper,
    walker2d,
    halfCheetah,
    ant,
    humanoid,
    swimmerMultiDirection,
    antMultiDirection,
    humanoidMultiDirection,
    swimmerRandomGoal,
    antRandomGoal,
    humanoidRandomGoal,
    antMaze,
  ] satisfies readonly RegisteredEnvironments[EnvironmentId][],
  taskFamilies: [
    halfCheetahVelocityFamily,
    halfCheetahDirectionFamily,
    antDirectionFamily,
    antGoalFamily,
    humanoidDirectionFamily,
    walker2dParametersFamily,
    hopperParametersFamily,
  ] satisfies readonly RegisteredTaskFamilies[TaskFamilyId][],
});
