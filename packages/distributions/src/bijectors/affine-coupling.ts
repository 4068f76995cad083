import {
  type AffineCouplingSpec,
  affineCoupling,
  affineCouplingParameterCount,
  requireContextOffset,
} from '@maxent/backend';
import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { Bijector, Mapped } from './bijector.js';

export interface AffineCouplingParameters {
  readonly spec: AffineCouplingSpec;
  /** The conditioner's weights and biases, [affineCouplingParameterCount(spec)]; the caller still owns them. */
  readonly parameters: tf.Tensor1D;
  /** The first of the context's columns that this layer reads; default 0. */
  readonly contextOffset?: number | undefined;
}

/**
 * An affine coupling layer (Dinh et al. 2017, "Density estimation using Real NVP", section 3): some entries pass
 * unchanged and determine, together with the context, how the others are scaled and shifted. `affineCoupling` of
 * @maxent/backend has the formula. Without kept entries, as in one dimension, it is an affine map that depends only on
 * the context.
 *
 * @throws InvalidInputError if the parameters do not have the specification's size, or `contextOffset` is not a
 * whole number of at least 0.
 */
export class AffineCoupling implements Bijector {
  constructor(private readonly options: AffineCouplingParameters) {
    const { spec, parameters, contextOffset = 0 } = options;
    requireContextOffset(contextOffset);
    const count = affineCouplingParameterCount(spec);
    if (parameters.size !== count) {
      throw new InvalidInputError('parameters', `expected shape [${count}], got [${parameters.shape}]`);
    }
  }

  forward(x: tf.Tensor2D, context?: tf.Tensor2D): Mapped {
    const { spec, parameters, contextOffset } = this.options;
    return affineCoupling(x, parameters, spec, { context, contextOffset });
  }

  inverse(y: tf.Tensor2D, context?: tf.Tensor2D): Mapped {
    const { spec, parameters, contextOffset } = this.options;
    return affineCoupling(y, parameters, spec, { context, contextOffset, inverse: true });
  }
}
