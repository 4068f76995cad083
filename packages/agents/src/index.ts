// Must come before anything that loads tfjs-core, which needs it in bundles: see that package's README.
import '@maxent/backend';

export { ActionScaling } from './action-scaling.js';
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
export {
  type ProposalSizes,
  type Proposals,
  policyProposals,
  uniformProposals,
} from './continuous-soft-q/proposals.js';
export {
  type LogDensity,
  SamplingNetwork,
  type SamplingNetworkOptions,
  type SteinStatistics,
} from './continuous-soft-q/sampling-network.js';
export { type CrossQConfig, crossQConfig, crossQPresets } from './crossq/config.js';
export { CrossQ } from './crossq/crossq.js';
export {
  type DeepQConfig,
  deepQConfig,
  type SoftDeepQConfig,
  softDeepQConfig,
} from './deep-q/config.js';
export { DeepQNetwork, SoftDeepQNetwork } from './deep-q/deep-q-learning.js';
export { deepQPresets, softDeepQPresets } from './deep-q/presets.js';
export { type DescribedActor, type DescribedNetworks, describeNetworks } from './describe-network.js';
export { DiscreteActions } from './discrete-actions.js';
export {
  type DiscreteSacConfig,
  discreteSacConfig,
  discreteSacPresets,
} from './discrete-sac/config.js';
export {
  DiscreteActorCritic,
  type DiscreteActorCriticConfig,
  type DiscreteActorCriticOptions,
} from './discrete-sac/discrete-actor-critic.js';
export { DiscreteSoftActorCritic } from './discrete-sac/discrete-soft-actor-critic.js';
export {
  ConditionalFlow,
  type ConditionalFlowDesign,
  type ConditionalFlowOptions,
  type DescribedFlow,
} from './flow/conditional-flow.js';
export { type ActionCoordinates, drawFromPrior } from './learner/action-coordinates.js';
export {
  type AgentPart,
  type AgentParts,
  joinParts,
  mergeParts,
  networkPart,
} from './learner/agent-parts.js';
export { DrawnActions } from './learner/drawn-actions.js';
export { Learner, type LearnerConfig, type LearnerOptions } from './learner/learner.js';
export { normalizationFields, ObservationNormalization } from './learner/observation-normalization.js';
export type { ObservationRow } from './learner/observation-row.js';
export { type Experience, Replay } from './learner/replay.js';
export { RewardScaling, rewardScalingField } from './learner/reward-scaling.js';
export { requireCounter, requirePart, requireStream } from './learner/snapshot-parts.js';
export { StatefulAgent, type StatefulAgentOptions } from './learner/stateful-agent.js';
export type { StepMetrics } from './learner/step-metrics.js';
export { requireTrainingMemory, type TrainingSizes } from './learner/training-memory.js';
export { TransitionReader, type TransitionRow } from './learner/transition-reader.js';
export {
  type BatchView,
  type DrawnRows,
  gatherBatch,
  replayRow,
  type TransitionBatch,
  type TransitionColumn,
  TransitionReplay,
  type TransitionReplayOptions,
  type TransitionSizes,
  transitionColumns,
} from './learner/transition-replay.js';
export { type UpdateSchedule, updateScheduleFields } from './learner/update-schedule.js';
export {
  type MaximumEntropyFlowConfig,
  maximumEntropyFlowConfig,
  maximumEntropyFlowPresets,
} from './meow/config.js';
export { MaximumEntropyFlow } from './meow/maximum-entropy-flow.js';
export { actorCriticMetrics } from './metric-meanings.js';
export {
  agentsPlugin,
  continuousSoftQLearning,
  crossQ,
  deepQNetwork,
  discreteSoftActorCritic,
  maximumEntropyFlow,
  qLearning,
  softActorCritic,
  softDeepQNetwork,
  softQLearning,
} from './plugin.js';
export { ActorCritic, type ActorCriticConfig, type ActorCriticOptions } from './sac/actor-critic.js';
export type {
  ActorCriticUpdates,
  ActorUpdate,
  CriticUpdate,
  CriticUpdateOptions,
} from './sac/actor-critic-updates.js';
export {
  type SoftActorCriticConfig,
  softActorCriticConfig,
  softActorCriticPresets,
} from './sac/config.js';
export { GaussianPolicy, type GaussianPolicyOptions } from './sac/gaussian-policy.js';
export {
  actorLoss,
  bellmanTarget,
  criticLoss,
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
export { WHERE_SPACES_ARE } from './supported-spaces.js';
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
export { logTemperatureGradient, Temperature, type TemperatureConfig } from './temperature.js';
