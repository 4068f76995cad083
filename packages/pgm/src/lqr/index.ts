export { LinearGaussianPolicy, policyAtTime } from './gaussian-policy.js';
export type { LqrInference, LqrOptions, LqrProblem } from './lqr-problem.js';
export { type FiniteLqrOptions, type LqrSolution, solveLqr } from './solve-lqr.js';
export { type StationaryLqrSolution, solveStationaryLqr } from './stationary-lqr.js';
