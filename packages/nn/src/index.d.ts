export { Adam, type AdamOptions } from './adam.js';
export type { MlpOptions, NetworkParts } from './dense-network.js';
export {
  constant,
  fanInUniform,
  glorotUniform,
  heNormal,
  type Initializer,
  type LayerParameters,
  orthogonal,
  uniform,
} from './initializers.js';
export { type LossAndGradients, lossAndGradients } from './loss-and-gradients.js';
export { Mlp } from './mlp.js';
export { MlpEnsemble, type MlpEnsembleOptions } from './mlp-ensemble.js';
//# sourceMappingURL=index.d.ts.map
