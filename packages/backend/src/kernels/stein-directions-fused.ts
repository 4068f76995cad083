import type * as tf from '@tensorflow/tfjs-core';
import type { SteinDirections, SteinParticles } from '../operations/stein-directions.js';
import type { FusedKernels } from './fused-kernels.js';

/** `steinDirections` on the fused kernels. */
export function fusedSteinDirections(
  kernels: FusedKernels,
  { fixed, scores, updated }: SteinParticles,
): SteinDirections {
  const [states, fixedCount, size] = fixed.shape;
  const updatedCount = updated.shape[1];
  const directions = kernels.allocate<tf.Rank.R3>([states, updatedCount, size]);
  const meanLength = kernels.allocate<tf.Rank.R0>([]);
  const meanBandwidth = kernels.allocate<tf.Rank.R0>([]);
  const bytes = kernels.run.steinDirectionsScratch(fixedCount, updatedCount, size);
  kernels.run.steinDirections(
    kernels.address(fixed),
    kernels.address(scores),
    kernels.address(updated),
    kernels.address(directions),
    kernels.address(meanLength),
    kernels.address(meanBandwidth),
    kernels.scratch.reserve(bytes),
    states,
    fixedCount,
    updatedCount,
    size,
    Math.log(fixedCount),
  );
  return { directions, meanLength, meanBandwidth };
}
