export {
  type DeepQConfig,
  deepQConfig,
  type SoftDeepQConfig,
  softDeepQConfig,
} from './deep-q/config.js';
export { DeepQNetwork, SoftDeepQNetwork } from './deep-q/deep-q-learning.js';
export { deepQPresets, softDeepQPresets } from './deep-q/presets.js';
export {
  type DiscreteSacConfig,
  discreteSacConfig,
  discreteSacPresets,
} from './discrete-sac/config.js';
export { DiscreteSoftActorCritic } from './discrete-sac/discrete-soft-actor-critic.js';
export {
  agentsPlugin,
  deepQNetwork,
  discreteSoftActorCritic,
  qLearning,
  softActorCritic,
  softDeepQNetwork,
  softQLearning,
} from './plugin.js';
export {
  type SoftActorCriticConfig,
  softActorCriticConfig,
  softActorCriticPresets,
} from './sac/config.js';
export {
  actorLoss,
  type BellmanTargetInputs,
  bellmanTarget,
  criticLoss,
  logTemperatureGradient,
  softStateValue,
} from './sac/losses.js';
export { SoftActorCritic } from './sac/soft-actor-critic.js';
export {
  type QLearningConfig,
  qLearningConfig,
  qLearningPresets,
  type SoftQLearningConfig,
  softQLearningConfig,
  softQLearningPresets,
} from './tabular-q/config.js';
export { QLearning, SoftQLearning } from './tabular-q/tabular-q-learning.js';
export { trainOnUniformPairs, type UniformPairsOptions } from './tabular-q/train-on-uniform-pairs.js';
