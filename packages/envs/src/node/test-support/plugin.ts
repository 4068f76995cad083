export { envsPlugin } from '../../plugin.js';
export { faultyPlugin } from '../../vector/test-support/faulty.js';
export { wherePlugin } from './where.js';
