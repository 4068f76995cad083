// Before anything that loads tfjs-core, which needs it in bundles: see that package's README.
import '@maxent/backend';

export type { ActionCoordinates } from './action-coordinates.js';
export { ActionScaling } from './action-scaling.js';
export {
  type AgentPart,
  type AgentParts,
  disposeParts,
  loadParts,
  networkPart,
  saveParts,
} from './agent-parts.js';
export type { ContinuousBatch } from './continuous-replay.js';
export {
  ComposedSoftQ,
  type ComposeSoftQOptions,
  composeSoftQ,
} from './continuous-soft-q/compose-soft-q.js';
export {
  type ContinuousSoftQConfig,
  continuousSoftQConfig,
  continuousSoftQPresets,
} from './continuous-soft-q/config.js';
export { ContinuousSoftQLearning } from './continuous-soft-q/continuous-soft-q-learning.js';
export { type Proposals, policyProposals, uniformProposals } from './continuous-soft-q/proposals.js';
export {
  type LogDensity,
  SamplingNetwork,
  type SamplingNetworkOptions,
  type SteinStatistics,
} from './continuous-soft-q/sampling-network.js';
export { estimateSoftValues } from './continuous-soft-q/soft-value.js';
export { medianBandwidth, type SteinParticles, steinDirections } from './continuous-soft-q/stein.js';
export {
  type DeepQConfig,
  deepQConfig,
  type SoftDeepQConfig,
  softDeepQConfig,
} from './deep-q/config.js';
export { DeepQNetwork, SoftDeepQNetwork } from './deep-q/deep-q-learning.js';
export { deepQPresets, softDeepQPresets } from './deep-q/presets.js';
export { type DescribedActor, type DescribedNetworks, describeNetworks } from './describe-network.js';
export {
  type DiscreteSacConfig,
  discreteSacConfig,
  discreteSacPresets,
} from './discrete-sac/config.js';
export { DiscreteSoftActorCritic } from './discrete-sac/discrete-soft-actor-critic.js';
export {
  agentsPlugin,
  continuousSoftQLearning,
  deepQNetwork,
  discreteSoftActorCritic,
  qLearning,
  softActorCritic,
  softDeepQNetwork,
  softQLearning,
} from './plugin.js';
export {
  ActorCritic,
  type ActorCriticConfig,
  type ActorCriticOptions,
  type CompletedStates,
  type StateCompletion,
  type StepExperience,
} from './sac/actor-critic.js';
export {
  type SoftActorCriticConfig,
  softActorCriticConfig,
  softActorCriticPresets,
} from './sac/config.js';
export { GaussianPolicy, type GaussianPolicyOptions } from './sac/gaussian-policy.js';
export {
  actorLoss,
  type BellmanTargetInputs,
  bellmanTarget,
  criticLoss,
  logTemperatureGradient,
  softStateValue,
} from './sac/losses.js';
export { SoftActorCritic } from './sac/soft-actor-critic.js';
export type {
  ActionDistribution,
  ActionSample,
  ActorDesign,
  PolicyOptions,
  TrainablePolicy,
} from './sac/trainable-policy.js';
export { requireCounter, requirePart } from './snapshot-parts.js';
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
export { requireTrainingMemory, type TrainingSizes } from './training-memory.js';
