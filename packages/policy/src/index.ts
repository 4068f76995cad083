export { type PolicyDescription, Rng } from '@maxent/core';
export { encodePolicy } from './file/encode-policy.js';
export { readPolicy } from './file/read-policy.js';
export { loadPolicy, type PolicySource } from './load-policy.js';
export type { AnyAction, AnyObservation, PolicyActOptions, TrainedPolicy } from './policy.js';
export type { ContextRow } from './task/infer.js';
