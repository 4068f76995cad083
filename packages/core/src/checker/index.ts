export { createAgent, createEnvironment, createTaskFamily, pendingCreations } from './create.js';
export { resetProblem, stepProblem } from './environment-sentences.js';
export { type AgentGuardOptions, guardAgent, guardMetaAgent, guardPolicy } from './guard-agent.js';
export {
  type GuardedEnvironment,
  type GuardOptions,
  guardEnvironment,
  refusalFault,
} from './guard-environment.js';
export { guardTaskFamily } from './guard-task-family.js';
export { describeThrown } from './thrown.js';
export { isFiniteValue, requireSpace } from './value-sentences.js';
