export { agentSnapshot } from './checkpoint.js';
export { type EvaluateOptions, type EvaluationResult, evaluate } from './evaluate.js';
export type { EvaluationSchedule, TrainOptions, TrainResult } from './loop/train-options.js';
export { MemoryRunStorage } from './memory-run-storage.js';
export { type RunConfig, RunConfigSchema } from './run-config.js';
export type {
  EpisodeRow,
  EvaluationRow,
  MetricsRow,
  RunRow,
  RunStorage,
  StoredCheckpoint,
} from './run-storage.js';
export { train } from './train.js';
