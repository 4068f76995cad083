import { definePlugin } from '@maxent/core';
import { corridor } from './corridor.js';
import { diayn } from './diayn.js';

export type { DiaynConfig } from './config.js';
export { type CorridorOptions, corridor, corridorMdp } from './corridor.js';
export { Diayn, diayn, oneHot } from './diayn.js';

declare module '@maxent/core' {
  interface RegisteredAgents {
    diayn: typeof diayn;
  }
  interface RegisteredEnvironments {
    'Corridor-v0': typeof corridor;
  }
}

export const plugin = definePlugin({
  name: 'maxent-plugin-diayn',
  contractVersion: 1,
  agents: [diayn],
  environments: [corridor],
});
