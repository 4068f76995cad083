import { classicControl } from './classic-control.js';
import { contextPosterior } from './context-posterior.js';
import type { Experiment } from './experiment.js';
import { exploration } from './exploration.js';
import { fineTuning } from './fine-tuning.js';
import { gridworldSoftQ } from './gridworld-soft-q.js';
import { linearQuadraticOracle } from './linear-quadratic.js';
import { optimism } from './optimism.js';
import { robustness } from './robustness.js';
import { tabularSoftQ } from './tabular-soft-q.js';
import { temperature } from './temperature.js';

export type { Conclusion, Experiment, Unit } from './experiment.js';

/** Every experiment by the name that `maxent reproduce NAME` takes: claims of the theory, then checks of the agents. */
export const experiments: Readonly<Record<string, Experiment>> = {
  temperature,
  exploration,
  'fine-tuning': fineTuning,
  robustness,
  optimism,
  'context-posterior': contextPosterior,
  'tabular-soft-q': tabularSoftQ,
  'gridworld-soft-q': gridworldSoftQ,
  'linear-quadratic': linearQuadraticOracle,
  'classic-control': classicControl,
};
