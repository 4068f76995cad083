export {
  type CategoricalEmission,
  emissionLogLikelihoods,
  type GaussianEmission,
  type HmmEmission,
  type HmmObservations,
} from './emission.js';
export { type FilteredHmm, hmmFilter } from './filter.js';
export type { HiddenMarkovModel, HmmTransition } from './model.js';
export { hmmFixedLagSmooth, hmmSmooth, type SmoothedHmm } from './smooth.js';
export { hmmViterbi, type ViterbiPath } from './viterbi.js';
