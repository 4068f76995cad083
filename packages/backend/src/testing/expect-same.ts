import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { expectTensorsClose } from './close.js';

/** Runs `compute` with the fused kernels and without, and expects the same tensors. */
export function expectSame(compute: () => tf.Tensor[], tolerance = 2e-5): void {
  tf.tidy(() => {
    useFusedKernels(true);
    const fused = compute();
    useFusedKernels(false);
    const composed = compute();
    useFusedKernels(true);
    expect(fused.length).toBe(composed.length);
    for (const [i, tensor] of fused.entries()) expectTensorsClose(tensor, composed[i]!, tolerance);
  });
}
