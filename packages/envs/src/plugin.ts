import { definePlugin } from '@maxent/core';
import { pendulum } from './classic/pendulum.js';

/** The environments of this package, for a Registry. */
export const envsPlugin = definePlugin({
  name: '@maxent/envs',
  environments: [pendulum],
});
