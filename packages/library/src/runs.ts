// The parts of the command line besides `train`.
export { adaptationSettings } from './adaptation-settings.js';
export { agentWorkload } from './agent-workload.js';
export { builtInPlugins } from './built-in.js';
export { type FamilyRun, makeFamilyRun, sharedTasksNotice } from './family-run.js';
export { makeRunAgent, makeRunEnvironment } from './make-run.js';
export { completeRunConfig, planRun, replanRun } from './plan-run.js';
export type { OpenedStorage } from './platform/platform.js';
export { describeMachine, provenance } from './provenance.js';
export { runDefaults } from './run-defaults.js';
export type { RunPlan, RunRequest } from './run-request.js';
export type { RunWatch } from './run-watch.js';
export { type FinishedRun, type StartRunOptions, startRun, storedBackend } from './start-run.js';
export { type StoredPolicyOptions, storedPolicy } from './stored-policy.js';
