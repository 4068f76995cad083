import { definePlugin } from '@maxent/core';
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
import { pointRobotFamily, sparsePointRobotFamily } from './tasks/point-robot.js';

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
  ],
  taskFamilies: [pointRobotFamily, sparsePointRobotFamily],
});
