export { type PolicyActOptions, type PolicyDescription, Rng, type TrainedPolicy } from '@maxent/policy';
export { type LoadPolicyOptions, loadPolicy } from './load-policy.js';
export { train } from './train.js';
export type { TrainOptions } from './train-options.js';
export type { TrainedRun } from './trained-run.js';
