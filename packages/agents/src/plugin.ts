import { type AgentName, defineAgent, definePlugin, type RegisteredAgents } from '@maxent/core';
import { continuousSoftQConfig, continuousSoftQPresets } from './continuous-soft-q/config.js';
import { ContinuousSoftQLearning } from './continuous-soft-q/continuous-soft-q-learning.js';
import { crossQConfig, crossQPresets } from './crossq/config.js';
import { CrossQ } from './crossq/crossq.js';
import { deepQConfig, softDeepQConfig } from './deep-q/config.js';
import { DeepQNetwork, SoftDeepQNetwork } from './deep-q/deep-q-learning.js';
import { deepQPresets, softDeepQPresets } from './deep-q/presets.js';
import { discreteSacConfig, discreteSacPresets } from './discrete-sac/config.js';
import { DiscreteSoftActorCritic } from './discrete-sac/discrete-soft-actor-critic.js';
import { maximumEntropyFlowConfig, maximumEntropyFlowPresets } from './meow/config.js';
import { MaximumEntropyFlow } from './meow/maximum-entropy-flow.js';
import {
  actorCriticMetrics,
  criticMetrics,
  entropyMetric,
  epsilonMetric,
  learnerMetrics,
} from './metric-meanings.js';
import { softActorCriticConfig, softActorCriticPresets } from './sac/config.js';
import { SoftActorCritic } from './sac/soft-actor-critic.js';
import {
  qLearningConfig,
  qLearningPresets,
  softQLearningConfig,
  softQLearningPresets,
} from './tabular-q/config.js';
import { QLearning, SoftQLearning } from './tabular-q/tabular-q-learning.js';

const tabularMetrics = {
  ...epsilonMetric,
  temporalDifference: "Error of the last step, r + discount V(s') - Q(s, a).",
};

const deepQMetrics = {
  ...learnerMetrics,
  ...epsilonMetric,
  loss: 'Error of Q(s, a) against the Bellman target: batch mean.',
};

/** Soft actor-critic as an agent definition; its config schema is the source of `maxent train sac --help`. */
export const softActorCritic = defineAgent({
  name: 'sac',
  description: 'Soft actor-critic with automatic temperature, for bounded continuous actions',
  config: softActorCriticConfig,
  presets: softActorCriticPresets,
  metrics: actorCriticMetrics,
  severalEnvironments: true,
  create: (context, config) => new SoftActorCritic(context, config),
});

/** CrossQ. */
export const crossQ = defineAgent({
  name: 'crossq',
  description:
    'CrossQ: soft actor-critic with batch normalization and without target networks, for bounded continuous actions',
  config: crossQConfig,
  presets: crossQPresets,
  metrics: actorCriticMetrics,
  severalEnvironments: true,
  create: (context, config) => new CrossQ(context, config),
});

/** Soft Q-learning for continuous actions. */
export const continuousSoftQLearning = defineAgent({
  name: 'sql',
  description:
    'Soft Q-learning with an implicit policy trained by Stein variational gradient descent, for bounded continuous actions',
  config: continuousSoftQConfig,
  presets: continuousSoftQPresets,
  metrics: {
    ...criticMetrics,
    directionLength:
      'Length of the step that Stein variational gradient descent wants for an action: batch mean.',
    bandwidth: 'Bandwidth of the kernel between actions of a state: batch mean.',
  },
  severalEnvironments: true,
  create: (context, config) => new ContinuousSoftQLearning(context, config),
});

/** MEow: one flow as Q-function, soft value and policy. */
export const maximumEntropyFlow = defineAgent({
  name: 'meow',
  description:
    'MEow: one normalizing flow as Q-function, exact soft value and policy, for bounded continuous actions',
  config: maximumEntropyFlowConfig,
  presets: maximumEntropyFlowPresets,
  metrics: {
    ...criticMetrics,
    temperature: actorCriticMetrics.temperature,
    logStd: "Mean log standard deviation of the flow's prior.",
  },
  severalEnvironments: true,
  create: (context, config) => new MaximumEntropyFlow(context, config),
});

/** Q-learning with a table. */
export const qLearning = defineAgent({
  name: 'q-learning',
  description: 'Q-learning with a table, for Discrete observations and actions',
  config: qLearningConfig,
  presets: qLearningPresets,
  metrics: tabularMetrics,
  severalEnvironments: true,
  create: (context, config) => new QLearning(context, config),
});

/** Soft Q-learning with a table. */
export const softQLearning = defineAgent({
  name: 'soft-q-learning',
  description: 'Soft Q-learning with a table, for Discrete observations and actions',
  config: softQLearningConfig,
  presets: softQLearningPresets,
  metrics: tabularMetrics,
  severalEnvironments: true,
  create: (context, config) => new SoftQLearning(context, config),
});

/** Deep Q-learning. */
export const deepQNetwork = defineAgent({
  name: 'dqn',
  description: 'Deep Q-learning (DQN; double and n-step as options), for Discrete actions',
  config: deepQConfig,
  presets: deepQPresets,
  metrics: deepQMetrics,
  severalEnvironments: true,
  create: (context, config) => new DeepQNetwork(context, config),
});

/** Deep soft Q-learning for discrete actions. */
export const softDeepQNetwork = defineAgent({
  name: 'soft-dqn',
  description: 'Deep soft Q-learning: DQN with the soft backup and policy, for Discrete actions',
  config: softDeepQConfig,
  presets: softDeepQPresets,
  metrics: { ...deepQMetrics, ...entropyMetric },
  severalEnvironments: true,
  create: (context, config) => new SoftDeepQNetwork(context, config),
});

/** Soft actor-critic for discrete actions. */
export const discreteSoftActorCritic = defineAgent({
  name: 'discrete-sac',
  description: 'Soft actor-critic for Discrete actions, with automatic temperature',
  config: discreteSacConfig,
  presets: discreteSacPresets,
  metrics: actorCriticMetrics,
  severalEnvironments: true,
  create: (context, config) => new DiscreteSoftActorCritic(context, config),
});

// The agents' names, for the compiler.
declare module '@maxent/core' {
  interface RegisteredAgents {
    sac: typeof softActorCritic;
    crossq: typeof crossQ;
    sql: typeof continuousSoftQLearning;
    meow: typeof maximumEntropyFlow;
    'q-learning': typeof qLearning;
    'soft-q-learning': typeof softQLearning;
    dqn: typeof deepQNetwork;
    'soft-dqn': typeof softDeepQNetwork;
    'discrete-sac': typeof discreteSoftActorCritic;
  }
}

/** The agents of this package. */
export const agentsPlugin = definePlugin({
  name: '@maxent/agents',
  agents: [
    softActorCritic,
    crossQ,
    continuousSoftQLearning,
    maximumEntropyFlow,
    qLearning,
    softQLearning,
    deepQNetwork,
    softDeepQNetwork,
    discreteSoftActorCritic,
  ] satisfies readonly RegisteredAgents[AgentName][],
});
