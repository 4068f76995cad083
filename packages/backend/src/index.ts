// This must stay the first import, before anything that loads tfjs-core.
import { takeRequireBack } from '#lend-require';

export type { Availability } from '@maxent/core/node';
export {
  type Calibration,
  storedCalibrations,
  type UpdateWorkload,
  type WorkloadUpdate,
} from './calibrate.js';
export { withoutGradient } from './kernels/differentiable.js';
export { fusedKernelsEnabled, type Rounding, useFusedKernels } from './kernels/fused-kernels.js';
export type { KernelBuild, KernelChoice } from './kernels/kernel-builds.js';
export type { Activation } from './operations/activation.js';
export { type AdamStepOptions, adamStep } from './operations/adam.js';
export {
  type AffineCouplingOptions,
  type AffineCouplingSpec,
  affineCoupling,
  affineCouplingParameterCount,
  type CouplingResult,
  requireContextOffset,
} from './operations/affine-coupling.js';
export { type DenseStackInput, denseStack } from './operations/dense-stack.js';
export {
  type DenseLayerLayout,
  type DenseStackSpec,
  denseStackLayout,
  denseStackParameterCount,
} from './operations/dense-stack-layout.js';
export { type ClippedTensors, clipByGlobalNorm, globalNorm } from './operations/global-norm.js';
export { joinColumns } from './operations/join-columns.js';
export {
  foldNormalization,
  type NormalizedStackOptions,
  normalizedStack,
} from './operations/normalized-stack.js';
export {
  type NormalizationSlot,
  type NormalizedLayerLayout,
  type NormalizedStackSpec,
  normalizedStackCounts,
  normalizedStackLayout,
} from './operations/normalized-stack-layout.js';
export { polyakStep } from './operations/polyak.js';
export {
  type ImportanceSoftValueInputs,
  importanceSoftValue,
  type MixtureProposals,
  type MixtureProposalsInputs,
  mixtureProposals,
} from './operations/proposals.js';
export { repeatRows } from './operations/repeat-rows.js';
export {
  type SoftBellmanTargetInputs,
  type SoftPolicyLoss,
  type SoftValueInputs,
  softBellmanTarget,
  softPolicyLoss,
  softValue,
  squaredErrorLoss,
} from './operations/soft-values.js';
export { type Squashed, squash } from './operations/squash.js';
export {
  type SquashedGaussianOptions,
  type SquashedGaussianSample,
  squashedGaussian,
} from './operations/squashed-gaussian.js';
export { standardNormal } from './operations/standard-normal.js';
export {
  type SteinDirections,
  type SteinParticles,
  steinDirections,
} from './operations/stein-directions.js';
export { uniform } from './operations/uniform.js';
export {
  type BackendCandidate,
  type BackendName,
  type BackendReport,
  describeAddon,
  describeBackends,
  type SelectBackendOptions,
  selectBackend,
  type WasmFiles,
} from './select-backend.js';
export { countTensors, fillTensor, readScalar, readTensor, tensorOf } from './tensors.js';

takeRequireBack();
