export * from './bayes-adaptive/index.js';
export * from './control/index.js';
export * from './factor-graph/index.js';
export * from './hmm/index.js';
export * from './lgssm/index.js';
export * from './lqr/index.js';
