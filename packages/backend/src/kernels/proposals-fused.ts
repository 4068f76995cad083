import type * as tf from '@tensorflow/tfjs-core';
import type {
  ImportanceSoftValueInputs,
  MixtureProposals,
  MixtureProposalsInputs,
} from '../operations/proposals.js';
import type { FusedKernels } from './fused-kernels.js';

/** `importanceSoftValue` on the fused kernels. */
export function fusedImportanceSoftValue(
  kernels: FusedKernels,
  { values, logDensities, perState, temperature }: ImportanceSoftValueInputs,
): tf.Tensor1D {
  const states = logDensities.size / perState;
  const out = kernels.allocate<tf.Rank.R1>([states]);
  kernels.run.importanceSoftValue(
    kernels.address(values),
    kernels.address(logDensities),
    kernels.address(out),
    values.size / logDensities.size,
    states,
    perState,
    temperature,
    Math.log(perState),
  );
  return out;
}

/** `mixtureProposals` on the fused kernels. */
export function fusedMixtureProposals(
  kernels: FusedKernels,
  { draws, noise, uniforms }: MixtureProposalsInputs,
): MixtureProposals {
  const [states, drawsPerState, size] = draws.shape;
  const perState = drawsPerState + uniforms.shape[1];
  const actions = kernels.allocate<tf.Rank.R2>([states * perState, size]);
  const logDensities = kernels.allocate<tf.Rank.R1>([states * perState]);
  const bytes = kernels.run.mixtureProposalsScratch(drawsPerState, perState, size);
  kernels.run.mixtureProposals(
    kernels.address(draws),
    kernels.address(noise),
    kernels.address(uniforms),
    kernels.address(actions),
    kernels.address(logDensities),
    kernels.scratch.reserve(bytes),
    states,
    drawsPerState,
    perState,
    size,
    drawsPerState ** (-1 / (size + 4)),
    Math.log(uniforms.shape[1] / perState) - size * Math.LN2,
    Math.log(perState),
  );
  return { actions, logDensities };
}
