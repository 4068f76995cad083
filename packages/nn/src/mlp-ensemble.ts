import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import {
  DenseNetwork,
  initialize,
  type MlpOptions,
  type NetworkParts,
  requireParameterMemory,
  specOf,
  targetOf,
} from './dense-network.js';

export interface MlpEnsembleOptions extends MlpOptions {
  /** The number of networks, at least 1. */
  readonly members: number;
}

/**
 * Several perceptrons of the same shape over one flat parameter variable, such as SAC's twin critics. They are
 * initialized independently and computed together.
 *
 * @throws InvalidInputError if a size or `members` is not a positive integer or an activation is unknown.
 */
export class MlpEnsemble extends DenseNetwork {
  /** An ensemble with new parameters, or over existing ones. */
  constructor(options: MlpEnsembleOptions | NetworkParts) {
    super('parameters' in options ? options : initialize(ensembleSpecOf(options), options));
  }

  get members(): number {
    return this.spec.members!;
  }

  /**
   * Differentiable in `x` and in `parameters`. `x`: [batch, inputSize], as one tensor or two side by side, shared by all
   * members; or [members, batch, inputSize]. The result: [members, batch, outputSize].
   */
  apply(x: tf.Tensor2D | readonly [tf.Tensor2D, tf.Tensor2D] | tf.Tensor3D): tf.Tensor3D {
    return this.applyStack(x) as tf.Tensor3D;
  }

  /** A target ensemble: it has a copy of these parameters, which only `polyakStep` updates. */
  createTarget(): MlpEnsemble {
    return new MlpEnsemble(targetOf(this));
  }
}

export function ensembleSpecOf(options: MlpEnsembleOptions): NetworkParts['spec'] {
  const { members } = options;
  if (!Number.isInteger(members) || members < 1) {
    throw new InvalidInputError('members', `expected a positive integer, got ${members}`);
  }
  const spec = specOf(options);
  requireParameterMemory(spec.sizes, members);
  return { ...spec, members };
}
