export { withoutGradient } from '@maxent/backend';
export { Bernoulli } from './bernoulli.js';
export { AffineCoupling, type AffineCouplingParameters } from './bijectors/affine-coupling.js';
export type { Bijector, Mapped } from './bijectors/bijector.js';
export { Chain } from './bijectors/chain.js';
export {
  type CouplingLayersOptions,
  couplingLayers,
  initialCouplingParameters,
} from './bijectors/coupling-layers.js';
export { Inverse } from './bijectors/inverse.js';
export { Permutation } from './bijectors/permutation.js';
export { Tanh } from './bijectors/tanh.js';
export { Categorical } from './categorical.js';
export { ContinuousBernoulli } from './continuous-bernoulli.js';
export { DiagonalNormal } from './diagonal-normal.js';
export type { Distribution, SampleAndLogProb } from './distribution.js';
export { estimateKl, type KlEstimate, type KlEstimateOptions, monteCarloKl } from './estimate-kl.js';
export { Independent } from './independent.js';
export { klDivergence, registerKl } from './kl-divergence.js';
export { MultivariateNormal, type MultivariateNormalParameters } from './multivariate-normal.js';
export { NoClosedFormError } from './no-closed-form-error.js';
export { Normal, type NormalParameters } from './normal.js';
export { TanhNormal, type TanhNormalHead, type TanhNormalSample } from './tanh-normal.js';
export { TransformedDistribution, type TransformedDistributionOptions } from './transformed-distribution.js';
