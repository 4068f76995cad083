export { PearlAdaptation } from './adaptation.js';
export {
  type Beliefs,
  divergenceFromPrior,
  priorBeliefs,
  productOfGaussians,
  sampleBeliefs,
} from './beliefs.js';
export { Collection, type CollectionSteps, type Phase, type PlannedEpisode } from './collection.js';
export { type PearlConfig, pearlConfig } from './config.js';
export { AttentionEncoder } from './encoders/attention-encoder.js';
export type { ContextEncoder, ContextEncoderOptions } from './encoders/context-encoder.js';
export { ProductEncoder, type ProductEncoderOptions } from './encoders/product-encoder.js';
export { Pearl } from './pearl.js';
export { metaPlugin, pearl } from './plugin.js';
export { pearlPresets } from './presets.js';
