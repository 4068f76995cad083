export { evaluateLqrPolicy, type LinearGaussianPolicies, type LqrPolicyValue } from './evaluate-policy.js';
export { LinearGaussianPolicy, lqrPolicyAtTime } from './linear-gaussian-policy.js';
export { LqgController, type LqgSensor, lqgExpectedReturn } from './lqg.js';
export { type LqrEvidence, lqrEvidence } from './lqr-evidence.js';
export type { LqrInference, LqrOptions, LqrProblem } from './lqr-problem.js';
export { type FiniteLqrOptions, type LqrSolution, solveLqr } from './solve-lqr.js';
export { type LqrStart, type LqrStateMarginals, lqrStateMarginals } from './state-marginals.js';
export { type StationaryLqrSolution, solveStationaryLqr } from './stationary-lqr.js';
