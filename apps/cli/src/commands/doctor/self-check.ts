import {
  denseStack,
  denseStackParameterCount,
  fillTensor,
  fusedKernelsEnabled,
  readTensor,
  useFusedKernels,
} from '@maxent/backend';
import { Rng } from '@maxent/core';
import type { DoctorAnswer } from './answer.js';
import { relativeDistance } from './relative-distance.js';

const SIZE = 256;
const REPETITIONS = 9;
/** Two float32 sums of 256 products in different orders differ by far less. */
const TOLERANCE = 1e-5;

const spec = { sizes: [SIZE, SIZE], hiddenActivation: 'linear', outputActivation: 'linear' } as const;

/** Multiplies two matrices on the current backend with the fused kernels and without, and compares. */
export function checkProduct(): DoctorAnswer['selfCheck'] {
  const rng = Rng.fromSeed(0);
  const input = fillTensor([SIZE, SIZE], (values) => rng.fillNormal(values));
  const parameters = fillTensor([denseStackParameterCount(spec)], (values) => rng.fillNormal(values));
  const before = fusedKernelsEnabled();
  const measure = (fused: boolean): { product: Float32Array; gigaflops: number } => {
    useFusedKernels(fused);
    let product: Float32Array = new Float32Array();
    const seconds = Array.from({ length: REPETITIONS }, () => {
      const startedAt = performance.now();
      const output = denseStack(input, parameters, spec);
      product = readTensor(output);
      output.dispose();
      return (performance.now() - startedAt) / 1000;
    }).sort((a, b) => a - b);
    return { product, gigaflops: (2 * SIZE ** 3) / seconds[(REPETITIONS - 1) / 2]! / 1e9 };
  };
  try {
    const composed = measure(false);
    const fused = measure(true);
    const relativeError = relativeDistance(fused.product, composed.product);
    return {
      passed: relativeError <= TOLERANCE,
      relativeError,
      fusedGigaflops: fused.gigaflops,
      composedGigaflops: composed.gigaflops,
    };
  } finally {
    useFusedKernels(before);
    input.dispose();
    parameters.dispose();
  }
}
