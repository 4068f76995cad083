import { defineAgent, definePlugin } from '@maxent/core';
import { softActorCriticConfig, softActorCriticPresets } from './sac/config.js';
import { SoftActorCritic } from './sac/soft-actor-critic.js';

/** Soft actor-critic as an agent definition; its config schema is the source of `maxent train sac --help`. */
export const softActorCritic = defineAgent({
  name: 'sac',
  description: 'Soft actor-critic with automatic temperature, for bounded continuous actions',
  config: softActorCriticConfig,
  presets: softActorCriticPresets,
  create: (context, config) => new SoftActorCritic(context, config),
});

/** The agents of this package. */
export const agentsPlugin = definePlugin({ name: '@maxent/agents', agents: [softActorCritic] });
