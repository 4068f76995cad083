export { train } from './train.js';
export type { TrainOptions } from './train-options.js';
export type { TrainedRun } from './trained-run.js';
