export { type AnalyticKlElboOptions, analyticKlElbo } from './analytic-kl-elbo.js';
export { type ControlElboOptions, perStepControlElbo, trajectoryControlElbo } from './control-elbo.js';
export type { ElboOptions, ParticleOptions } from './elbo-options.js';
export {
  type AmortizationGapOptions,
  amortizationGap,
  type FitPosteriorOptions,
  fitPosterior,
  type PosteriorProblem,
} from './fit-posterior.js';
export { doublyReparameterizedElbo, importanceWeightedElbo } from './importance-weighted-elbo.js';
export { reparameterizedElbo, stickingTheLandingElbo } from './reparameterized-elbo.js';
export { type ScoreFunctionElboOptions, scoreFunctionElbo } from './score-function-elbo.js';
export {
  type SampleTrajectoriesOptions,
  sampleTrajectories,
  type Trajectories,
  tabularPolicy,
} from './tabular-policy.js';
export { VariationalAutoencoder, type VariationalAutoencoderOptions } from './variational-autoencoder.js';
