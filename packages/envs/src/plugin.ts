import {
  definePlugin,
  type EnvironmentId,
  type RegisteredEnvironments,
  type RegisteredTaskFamilies,
  type TaskFamilyId,
} from '@maxent/core';
import { acrobot } from './classic/acrobot.js';
import { cartPole } from './classic/cart-pole.js';
import { mountainCar } from './classic/mountain-car.js';
import { mountainCarContinuous } from './classic/mountain-car-continuous.js';
import { pendulum } from './classic/pendulum.js';
import { linearQuadratic } from './continuous/linear-quadratic.js';
import { multiGoal } from './continuous/multi-goal.js';
import { pointMaze } from './maze/point-maze.js';
import { pointMultiDirection } from './maze/point-multi-direction.js';
import { chainEnvironment } from './tabular/chain.js';
import { cliffWalkingEnvironment, cliffWalkingSlipperyEnvironment } from './tabular/cliff-walking.js';
import { frozenLake8x8Environment, frozenLakeEnvironment } from './tabular/frozen-lake.js';
import { gridWorldEnvironment } from './tabular/grid-world.js';
import { lotteryEnvironment } from './tabular/lottery.js';
import { taxiEnvironment } from './tabular/taxi.js';
import { bernoulliBanditFamily } from './tasks/bernoulli-bandit.js';
import { miniNaviFamily } from './tasks/mini-navi.js';
import { noisyLineFamily } from './tasks/noisy-line.js';
import { pointRobotFamily, sparsePointRobotFamily } from './tasks/point-robot.js';

// Tell the compiler their names.
declare module '@maxent/core' {
  interface RegisteredEnvironments {
    'Pendulum-v1': typeof pendulum;
    'CartPole-v1': typeof cartPole;
    'MountainCar-v0': typeof mountainCar;
    'MountainCarContinuous-v0': typeof mountainCarContinuous;
    'Acrobot-v1': typeof acrobot;
    'MultiGoal-v0': typeof multiGoal;
    'LinearQuadratic-v0': typeof linearQuadratic;
    'PointMaze-v0': typeof pointMaze;
    'PointMultiDirection-v0': typeof pointMultiDirection;
    'FrozenLake-v1': typeof frozenLakeEnvironment;
    'FrozenLake8x8-v1': typeof frozenLake8x8Environment;
    'CliffWalking-v1': typeof cliffWalkingEnvironment;
    'CliffWalkingSlippery-v1': typeof cliffWalkingSlipperyEnvironment;
    'Taxi-v4': typeof taxiEnvironment;
    'GridWorld-v0': typeof gridWorldEnvironment;
    'Lottery-v0': typeof lotteryEnvironment;
    'Chain-v0': typeof chainEnvironment;
  }
  interface RegisteredTaskFamilies {
    PointRobot: typeof pointRobotFamily;
    SparsePointRobot: typeof sparsePointRobotFamily;
    MiniNavi: typeof miniNaviFamily;
    BernoulliBandit: typeof bernoulliBanditFamily;
    NoisyLine: typeof noisyLineFamily;
  }
}

/** The environments and task families of this package, for a Registry. */
export const envsPlugin = definePlugin({
  name: '@maxent/envs',
  environments: [
    pendulum,
    cartPole,
    mountainCar,
    mountainCarContinuous,
    acrobot,
    multiGoal,
    linearQuadratic,
    pointMaze,
    pointMultiDirection,
    frozenLakeEnvironment,
    frozenLake8x8Environment,
    cliffWalkingEnvironment,
    cliffWalkingSlipperyEnvironment,
    taxiEnvironment,
    gridWorldEnvironment,
    lotteryEnvironment,
    chainEnvironment,
  ] satisfies readonly RegisteredEnvironments[EnvironmentId][],
  taskFamilies: [
    pointRobotFamily,
    sparsePointRobotFamily,
    miniNaviFamily,
    bernoulliBanditFamily,
    noisyLineFamily,
  ] satisfies readonly RegisteredTaskFamilies[TaskFamilyId][],
});
