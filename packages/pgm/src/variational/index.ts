export { type AnalyticKlElboOptions, analyticKlElbo } from './analytic-kl-elbo.js';
export type { ElboOptions, ParticleOptions } from './elbo-options.js';
export { doublyReparameterizedElbo, importanceWeightedElbo } from './importance-weighted-elbo.js';
export { reparameterizedElbo, stickingTheLandingElbo } from './reparameterized-elbo.js';
export { type ScoreFunctionElboOptions, scoreFunctionElbo } from './score-function-elbo.js';
