import { classicControl } from './classic-control/index.js';
import { contextPosterior } from './context-posterior/index.js';
import { evidence } from './evidence/index.js';
import type { Experiment } from './experiment.js';
import { exploration } from './exploration/index.js';
import { fineTuning } from './fine-tuning/index.js';
import { gridworldSoftQ } from './gridworld-soft-q/index.js';
import { linearQuadraticOracle } from './linear-quadratic/index.js';
import { lspCurves } from './lsp-curves/index.js';
import { lspCurvesAnt } from './lsp-curves-ant/index.js';
import { lspMazes } from './lsp-mazes/index.js';
import { meow } from './meow/index.js';
import { native } from './native/index.js';
import { optimism } from './optimism/index.js';
import { pearlCurves } from './pearl-curves/index.js';
import { pearlMiniNavi } from './pearl-mini-navi/index.js';
import { quickStart } from './quick-start/index.js';
import { robustness } from './robustness/index.js';
import { sampleEfficiency } from './sample-efficiency/index.js';
import { sb3Curves } from './sb3-curves/index.js';
import { severalEnvironments } from './several-environments/index.js';
import { singleRuns } from './single-runs/index.js';
import { tabularSoftQ } from './tabular-soft-q/index.js';
import { temperature } from './temperature/index.js';

/** Every experiment by its name: claims of the theory, checks of the agents, then learning curves. */
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
  'sb3-curves': sb3Curves,
  'sample-efficiency': sampleEfficiency,
  meow,
  evidence,
  'lsp-curves': lspCurves,
  'lsp-curves-ant': lspCurvesAnt,
  'lsp-mazes': lspMazes,
  'pearl-curves': pearlCurves,
  'pearl-mini-navi': pearlMiniNavi,
  'quick-start': quickStart,
  'several-environments': severalEnvironments,
  native,
  'single-runs': singleRuns,
};
