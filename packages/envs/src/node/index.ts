export { WorkerVectorEnvironment, type WorkerVectorOptions } from './worker-vector-environment.js';
