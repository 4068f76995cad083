import { definePlugin } from '@maxent/core';
import { cartPole } from './classic/cart-pole.js';
import { mountainCarContinuous } from './classic/mountain-car-continuous.js';
import { pendulum } from './classic/pendulum.js';
import { chainEnvironment } from './tabular/chain.js';
import { cliffWalkingEnvironment, cliffWalkingSlipperyEnvironment } from './tabular/cliff-walking.js';
import { frozenLake8x8Environment, frozenLakeEnvironment } from './tabular/frozen-lake.js';
import { gridWorldEnvironment } from './tabular/grid-world.js';
import { lotteryEnvironment } from './tabular/lottery.js';
import { taxiEnvironment } from './tabular/taxi.js';

/** The environments of this package, for a Registry. */
export const envsPlugin = definePlugin({
  name: '@maxent/envs',
  environments: [
    pendulum,
    cartPole,
    mountainCarContinuous,
    frozenLakeEnvironment,
    frozenLake8x8Environment,
    cliffWalkingEnvironment,
    cliffWalkingSlipperyEnvironment,
    taxiEnvironment,
    gridWorldEnvironment,
    lotteryEnvironment,
    chainEnvironment,
  ],
});
