import { classicControl } from './classic-control.js';
import type { Experiment } from './experiment.js';
import { exploration } from './exploration.js';
import { linearQuadraticOracle } from './linear-quadratic.js';

export type { Conclusion, Experiment, Unit } from './experiment.js';

/** Every experiment by the name that `maxent reproduce NAME` takes. */
export const experiments: Readonly<Record<string, Experiment>> = {
  'linear-quadratic': linearQuadraticOracle,
  'classic-control': classicControl,
  exploration,
};
