import { definePlugin } from '@maxent/core';
import { crossEntropy } from './cross-entropy.js';
import { hover } from './hover.js';
import { softNaf } from './soft-naf.js';

export { type CrossEntropyConfig, CrossEntropyMethod, crossEntropy } from './cross-entropy.js';
export { Hover, type HoverOptions, hover } from './hover.js';
export { SoftNaf, type SoftNafConfig, softNaf } from './soft-naf.js';

// The names, for the compiler of anyone who imports this package.
declare module '@maxent/core' {
  interface RegisteredAgents {
    'soft-naf': typeof softNaf;
    'cross-entropy': typeof crossEntropy;
  }
  interface RegisteredEnvironments {
    'Hover-v0': typeof hover;
  }
}

export const plugin = definePlugin({
  name: 'maxent-plugin-hover',
  contractVersion: 1,
  agents: [softNaf, crossEntropy],
  environments: [hover],
});
