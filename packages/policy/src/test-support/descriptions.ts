import { Box, type PolicyDescription, Rng, type ShapedArray } from '@maxent/core';

/** Normal entries of a trained network's size. */
export function tensorOf(rng: Rng, ...shape: number[]): ShapedArray {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  rng.fillNormal(data, 0, 0.3);
  return { shape, data };
}

/** An actor with one hidden layer, for observations of 3 numbers and actions of 2. */
export function actorDescription(seed = 1): PolicyDescription {
  const rng = Rng.fromSeed(seed);
  return {
    agent: 'sac',
    observationSpace: new Box({ low: -Infinity, high: Infinity, shape: [3] }),
    actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
    layers: [
      { type: 'dense', weight: 'layer.0.weight', bias: 'layer.0.bias' },
      { type: 'activation', name: 'relu' },
      { type: 'dense', weight: 'layer.1.weight', bias: 'layer.1.bias' },
    ],
    head: { type: 'squashed-gaussian', minimumLogStd: -20, maximumLogStd: 2 },
    tensors: {
      'layer.0.weight': tensorOf(rng, 3, 5),
      'layer.0.bias': tensorOf(rng, 5),
      'layer.1.weight': tensorOf(rng, 5, 4),
      'layer.1.bias': tensorOf(rng, 4),
    },
    provenance: { environment: 'Toy-v0', steps: 100 },
  };
}
