export type { ActionPrior, ControlInference, ControlOptions } from './control-options.js';
export type { FixedPoint, FixedPointOptions } from './fixed-point.js';
export {
  type ControlEvidence,
  type ControlPosterior,
  controlEvidence,
  type InferControlOptions,
  inferControl,
} from './infer-control.js';
export { solveTabular, type TabularSolution } from './solve-tabular.js';
