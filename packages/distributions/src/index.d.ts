export { Categorical } from './categorical.js';
export { DiagonalNormal } from './diagonal-normal.js';
export type { Distribution, SampleAndLogProb } from './distribution.js';
export { klDivergence, registerKl } from './kl-divergence.js';
export { NoClosedFormError } from './no-closed-form-error.js';
export { Normal, type NormalParameters } from './normal.js';
export { TanhNormal, type TanhNormalHead, type TanhNormalSample } from './tanh-normal.js';
//# sourceMappingURL=index.d.ts.map
