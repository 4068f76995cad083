export { type AgentFactory, type CheckAgentOptions, checkAgent } from './check-agent.js';
export { type CheckEnvironmentOptions, checkEnvironment } from './check-environment.js';
export { type CheckPluginOptions, checkPlugin } from './check-plugin.js';
export { checkTaskFamily } from './check-task-family.js';
export { ConformanceError, type ConformanceReport, type Violation } from './checklist.js';
