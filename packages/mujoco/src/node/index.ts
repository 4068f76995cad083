export { type ModelFiles, type ReadModelOptions, readModel } from './read-model.js';
