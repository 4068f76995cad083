import { definePlugin } from '@maxent/core';
import { cartPole } from './classic/cart-pole.js';
import { mountainCarContinuous } from './classic/mountain-car-continuous.js';
import { pendulum } from './classic/pendulum.js';
import { frozenLakeEnvironment } from './tabular/frozen-lake.js';

/** The environments of this package, for a Registry. */
export const envsPlugin = definePlugin({
  name: '@maxent/envs',
  environments: [pendulum, cartPole, mountainCarContinuous, frozenLakeEnvironment],
});
