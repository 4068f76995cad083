import { definePlugin } from '@maxent/core';
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
  ],
  taskFamilies: [
    halfCheetahVelocityFamily,
    halfCheetahDirectionFamily,
    antDirectionFamily,
    antGoalFamily,
    humanoidDirectionFamily,
    walker2dParametersFamily,
    hopperParametersFamily,
  ],
});
