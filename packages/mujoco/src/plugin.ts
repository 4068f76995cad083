import { definePlugin } from '@maxent/core';
import { ant } from './environments/ant.js';
import { halfCheetah } from './environments/half-cheetah.js';
import { hopper } from './environments/hopper.js';
import { invertedPendulum } from './environments/inverted-pendulum.js';

/** The environments of this package, for a Registry. */
export const mujocoPlugin = definePlugin({
  name: '@maxent/mujoco',
  environments: [invertedPendulum, halfCheetah, hopper, ant],
});
