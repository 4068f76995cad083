export { settingNotCarried } from './carried-settings.js';
export {
  type LatentSpacePolicyConfig,
  latentSpacePolicyConfig,
  latentSpacePolicyPresets,
} from './config.js';
export { type EmbedPolicyOptions, embedPolicy } from './embed-policy.js';
export {
  type FlowAgent,
  type FlowAgentDesign,
  isFlowAgent,
  LatentSpaceAgent,
  latentSpaceAgents,
} from './flow-agent.js';
export { type FlowDesign, FlowPolicy, type FlowPolicyOptions, type LatentMap } from './flow-policy.js';
export { FrozenPolicy } from './frozen-policy.js';
export { isLatentSpace, LatentActions } from './latent-actions.js';
export type { Level, LevelView } from './level.js';
export type { LevelContext, LevelPlace } from './level-context.js';
export { LevelStack } from './level-stack.js';
export { type ObservationPart, SeePart } from './observation-part.js';
export { hierarchyPlugin, latentSpacePolicy } from './plugin.js';
export { StackedFlowPolicy } from './stacked-flow-policy.js';
export {
  type HierarchyLevel,
  type RewardOf,
  type TrainHierarchyOptions,
  type TrainHierarchyResult,
  trainHierarchy,
} from './train-hierarchy.js';
export { continueLevel, type TrainedLevel, type TrainLevelOptions, trainLevel } from './train-level.js';
export { type LevelTraining, trainLevels } from './train-levels.js';
