export type { LearningCurve } from '../report/series.js';
export { DirectoryRunStorage, type DirectoryRunStorageOptions } from './directory-run-storage.js';
export type { StoredRows } from './metrics-log.js';
export { readRun, type StoredRun } from './read-run.js';
export { writeLearningCurveSvg, writeReport } from './write-report.js';
