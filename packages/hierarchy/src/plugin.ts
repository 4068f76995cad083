import { actorCriticMetrics } from '@maxent/agents';
import { type AgentName, defineAgent, definePlugin, type RegisteredAgents } from '@maxent/core';
import { latentSpacePolicyConfig, latentSpacePolicyPresets } from './config.js';
import { LatentSpaceAgent } from './flow-agent.js';

/** One level of a latent space policy as an agent definition. */
export const latentSpacePolicy = defineAgent({
  name: 'lsp',
  description:
    'Maximum-entropy actor-critic over a flow policy; with --levels, latent space policies level by level',
  config: latentSpacePolicyConfig,
  presets: latentSpacePolicyPresets,
  metrics: actorCriticMetrics,
  severalEnvironments: true,
  create: (context, config) => new LatentSpaceAgent(context, config),
});

// The agents' names, for the compiler.
declare module '@maxent/core' {
  interface RegisteredAgents {
    lsp: typeof latentSpacePolicy;
  }
}

/** The agents of this package. */
export const hierarchyPlugin = definePlugin({
  name: '@maxent/hierarchy',
  agents: [latentSpacePolicy] satisfies readonly RegisteredAgents[AgentName][],
});
