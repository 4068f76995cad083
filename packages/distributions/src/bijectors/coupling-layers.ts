import { type AffineCouplingSpec, affineCouplingParameterCount, fillTensor } from '@maxent/backend';
import { InvalidInputError, type Rng, requireMemory } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

export interface CouplingLayersOptions {
  /** The number of entries of the vectors that the flow maps. */
  readonly size: number;
  readonly layers: number;
  /** The number of units in the hidden layer of each conditioner. */
  readonly hiddenSize: number;
  /** The bound on the absolute log scale of each layer. */
  readonly maximumLogScale: number;
}

/** A parameter, its gradient and Adam's two moments, in float32. */
const BYTES_PER_PARAMETER = 16;
/** A WebAssembly memory holds 4 GiB, which all networks of an agent share. */
const PARAMETER_MEMORY_LIMIT = 2 ** 30;

/**
 * The layers of a Real NVP flow, which take turns: the first changes the first floor(size / 2) entries and keeps the
 * rest, the second does the opposite, and so on. If the size is odd, the second half is the longer one. With size 1
 * there is nothing to keep, and every layer is an affine map that depends only on the context.
 *
 * @throws InvalidInputError if a number is not a positive integer.
 */
export function couplingLayers({ size, layers, ...rest }: CouplingLayersOptions): AffineCouplingSpec[] {
  for (const [field, value] of Object.entries({ size, layers, hiddenSize: rest.hiddenSize })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new InvalidInputError(field, `expected a positive integer, got ${value}`);
    }
  }
  const { hiddenSize } = rest;
  // The size of the longer half's conditioner, without the context: (kept + 1) hidden + (hidden + 1) 2 changed.
  requireMemory(
    hiddenSize > layers ? 'hiddenSize' : 'layers',
    layers * hiddenSize * (2 * size + 3) * BYTES_PER_PARAMETER,
    PARAMETER_MEMORY_LIMIT,
    { what: `training ${layers} layers of ${hiddenSize} units`, remedy: 'use fewer or narrower ones' },
  );
  const half = Math.floor(size / 2);
  return Array.from({ length: layers }, (_, layer) =>
    size === 1
      ? { size, kept: 0, keeps: 'first', ...rest }
      : layer % 2 === 0
        ? { size, kept: size - half, keeps: 'last', ...rest }
        : { size, kept: half, keeps: 'first', ...rest },
  );
}

/**
 * Parameters that make a layer the identity: the conditioner's output layer is zero, and its hidden layer is uniform
 * within +-1 / sqrt(kept entries).
 */
export function initialCouplingParameters(spec: AffineCouplingSpec, rng: Rng): tf.Tensor1D {
  const { kept, hiddenSize } = spec;
  const bound = 1 / Math.sqrt(Math.max(kept, 1));
  const first = (kept + 1) * hiddenSize;
  return fillTensor<tf.Rank.R1>([affineCouplingParameterCount(spec)], (values) => {
    rng.fillUniform(values.subarray(0, first), -bound, bound);
    values.fill(0, first);
  });
}
