export { type CheckEnvironmentOptions, checkEnvironment } from './check-environment.js';
export { ConformanceError, type ConformanceReport, type Violation } from './checklist.js';
