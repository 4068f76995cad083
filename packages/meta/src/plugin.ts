import { actorCriticMetrics } from '@maxent/agents';
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
  metrics: {
    ...actorCriticMetrics,
    klFromPrior:
      'KL divergence of the belief about the task from its prior N(0, I), in nats, averaged over tasks.',
  },
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
