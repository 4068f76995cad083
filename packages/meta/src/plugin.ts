import { type AgentName, defineAgent, definePlugin, type RegisteredAgents } from '@maxent/core';
import { pearlConfig } from './config.js';
import { Pearl } from './pearl.js';
import { pearlPresets } from './presets.js';

/** PEARL as an agent definition. */
export const pearl = defineAgent({
  name: 'pearl',
  description: 'PEARL: soft actor-critic that infers which task of a family it is in; train it with --family',
  config: pearlConfig,
  presets: pearlPresets,
  create: (context, config) => new Pearl(context, config),
});

// The agents' names, for the compiler.
declare module '@maxent/core' {
  interface RegisteredAgents {
    pearl: typeof pearl;
  }
}

/** The agents of this package. */
export const metaPlugin = definePlugin({
  name: '@maxent/meta',
  agents: [pearl] satisfies readonly RegisteredAgents[AgentName][],
});
