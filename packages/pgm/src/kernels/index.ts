// `@maxent/pgm/kernels`: faster inner loops for large problems, loaded on request.
export { type LoadedKernels, type LoadKernelsOptions, loadKernels } from './load-kernels.js';
