export { Adam, type AdamOptions } from './adam.js';
export type { MlpOptions, NetworkParts } from './dense-network.js';
export {
  constant,
  fanInUniform,
  glorotUniform,
  heNormal,
  type Initializer,
  type LayerParameters,
  lecunNormal,
  orthogonal,
  uniform,
} from './initializers.js';
export { type LearningRateSchedule, learningRateFactor } from './learning-rate-schedule.js';
export { type LossAndGradients, lossAndGradients } from './loss-and-gradients.js';
export { Mlp } from './mlp.js';
export { MlpEnsemble, type MlpEnsembleOptions } from './mlp-ensemble.js';
export {
  type NormalizationOptions,
  NormalizedMlp,
  NormalizedMlpEnsemble,
} from './normalized-network.js';
