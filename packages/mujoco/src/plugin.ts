import { definePlugin } from '@maxent/core';
import { halfCheetah } from './environments/half-cheetah.js';
import { invertedPendulum } from './environments/inverted-pendulum.js';

/** The environments of this package, for a Registry. */
export const mujocoPlugin = definePlugin({
  name: 'mujoco',
  environments: [invertedPendulum, halfCheetah],
});
