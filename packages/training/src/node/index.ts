export type { LearningCurve } from '../report/series.js';
export {
  DirectoryRunStorage,
  type DirectoryRunStorageOptions,
  type NewRunOptions,
} from './directory-run-storage.js';
export { type HtmlPage, htmlPage } from './html-page.js';
export type { StoredRows } from './metrics-log.js';
export { readRun, type StoredRun } from './read-run.js';
export { replaceFile } from './replace-file.js';
export { assertResumable } from './stored-config.js';
export { readStored, readStoredIfThere, readStoredText } from './stored-file.js';
export { writeOutputFile } from './write-output-file.js';
export {
  type LearningCurveChart,
  type ReportOptions,
  writeLearningCurveSvg,
  writeReport,
} from './write-report.js';
