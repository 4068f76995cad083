export { type AverageReward, type AverageRewardOptions, solveAverageReward } from './average-reward.js';
export { type BellmanOperator, bellmanOperator } from './bellman-operator.js';
export { type ControlMessages, controlMessages } from './control-messages.js';
export type { ActionPrior, ControlInference, ControlOptions } from './control-options.js';
export type { FixedPoint, FixedPointOptions } from './fixed-point.js';
export {
  type ControlEvidence,
  type ControlPosterior,
  controlEvidence,
  type InferControlOptions,
  inferControl,
} from './infer-control.js';
export {
  evaluatePolicy,
  expectedReturn,
  type PolicyEvaluationOptions,
  type PolicyValues,
} from './policy-evaluation.js';
export { type Optimism, optimism, posteriorDynamics } from './posterior-dynamics.js';
export {
  type SoftPolicyIteration,
  type SoftPolicyIterationOptions,
  softPolicyIteration,
} from './soft-policy-iteration.js';
export { solveTabular, type TabularSolution } from './solve-tabular.js';
export { discountedOccupancy } from './state-marginals.js';
export { variationalBound } from './variational-bound.js';
