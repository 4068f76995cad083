export type { EvidenceOptions, MapAssignment, Marginal } from './evidence.js';
export {
  type Assignment,
  type Factor,
  FactorGraph,
  type FactorGraphInput,
  type FactorInput,
} from './factor-graph.js';
export {
  type FactorGraphInference,
  type FactorGraphInferenceOptions,
  type FactorGraphMethod,
  inferFactorGraph,
} from './infer.js';
export {
  calibrateJunctionTree,
  type JunctionTree,
  type MaxMarginals,
  maxCalibrateJunctionTree,
} from './junction-tree.js';
export {
  type BeliefConvergence,
  type LoopyOptions,
  loopyMaxProduct,
  loopySumProduct,
} from './loopy-propagation.js';
export type { MemoryOptions } from './memory.js';
export { type Beliefs, maxProduct, sumProduct } from './tree-propagation.js';
export {
  type ExactInferenceOptions,
  jointMarginal,
  logPartitionFunction,
  mostProbableAssignment,
} from './variable-elimination.js';
