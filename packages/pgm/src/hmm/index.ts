export {
  type CategoricalEmission,
  type EmittingHiddenMarkovModel,
  emissionLogLikelihoods,
  type GaussianEmission,
  type HmmEmission,
  type HmmObservations,
} from './emission.js';
export { type FilteredHmm, hmmFilter } from './filter.js';
export { type FitHmmOptions, fitHmm, type HmmFit } from './fit.js';
export { forecastHmm } from './forecast.js';
export type { HiddenMarkovModel, HmmTransition } from './model.js';
export { OnlineHmmFilter, type OnlineHmmFilterOptions } from './online-filter.js';
export {
  type HmmExpectedTransitions,
  type HmmPairwiseMarginals,
  hmmExpectedTransitions,
  hmmPairwiseMarginals,
} from './pairwise.js';
export { type HmmSample, sampleHmm } from './sample.js';
export { type HmmPosteriorSample, sampleHmmPosterior } from './sample-posterior.js';
export { hmmFixedLagSmooth, hmmSmooth, type SmoothedHmm } from './smooth.js';
export { hmmTwoFilterSmooth, type TwoFilterSmoothedHmm } from './two-filter-smooth.js';
export { hmmViterbi, type ViterbiPath } from './viterbi.js';
