export type { Arithmetic } from './arithmetic.js';
export { agentSnapshot, assertFiniteSnapshot, loadAgent } from './checkpoint.js';
export { type FoundNumber, firstNonFinite } from './checkpoint-finiteness.js';
export { type EvaluateOptions, type EvaluationResult, evaluate } from './evaluate.js';
export { requireTrainable } from './loop/several-environments.js';
export type { EvaluationSchedule, Evaluator, TrainOptions, TrainResult } from './loop/train-options.js';
export { MemoryRunStorage } from './memory-run-storage.js';
export {
  type AdaptationProtocol,
  type EvaluateAdaptationOptions,
  evaluateAdaptation,
  type TaskAdaptation,
  type TestTask,
} from './meta/evaluate-adaptation.js';
export { countSharedTasks, type MetaTrainOptions, metaTrain } from './meta/meta-train.js';
export { type RunConfig, RunConfigSchema } from './run-config.js';
export type {
  CheckpointChoice,
  CheckpointTest,
  EpisodeRow,
  EvaluationRow,
  MetricsRow,
  RewoundRows,
  RunRow,
  RunStorage,
  StoredCheckpoint,
  WarningRow,
} from './run-storage.js';
export { restoreStatistics } from './statistics.js';
export { train } from './train.js';
