export { type BayesAdaptiveOptions, bayesAdaptiveMdp } from './bayes-adaptive-mdp.js';
export type { BayesAdaptiveMdp } from './hyper-states.js';
export { knownTaskValue } from './known-task-value.js';
export { posteriorSamplingValue } from './posterior-sampling.js';
export type { BernoulliArms, BetaPrior, TaskMixture, TaskPrior } from './task-prior.js';
