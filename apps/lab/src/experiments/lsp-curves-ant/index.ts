import { experimentOf, type Figure } from '../lsp-curves/index.js';

export const antFigure: Figure = {
  environment: 'Ant-v5',
  seeds: { sac: [1], flow: [1], 'two-levels': [1], 'four-couplings': [1] },
};

/** `lsp-curves` on Ant-v5. */
export const lspCurvesAnt = experimentOf(antFigure, 'lsp/ant');
