import { affineCouplingParameterCount } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { AffineCoupling } from '../affine-coupling.js';
import { Chain } from '../chain.js';
import { couplingLayers } from '../coupling-layers.js';
import { couplingInDouble } from './double-precision.js';

export interface RandomFlowOptions {
  readonly size: number;
  readonly layers: number;
  readonly batch: number;
  readonly contextual: boolean;
  /** Standard deviation of all weights. */
  readonly spread: number;
  readonly rng: Rng;
}

/** Coupling layers with normal weights and context, as tensors and, for each row, in double precision. */
export function randomFlow({ size, layers, batch, contextual, spread, rng }: RandomFlowOptions) {
  const hiddenSize = 8;
  const specs = couplingLayers({ size, layers, hiddenSize, maximumLogScale: 2 });
  const normal = (count: number): Float32Array => {
    const values = new Float32Array(count);
    rng.fillNormal(values, 0, spread);
    return values;
  };
  const parameters = specs.map((spec) => normal(affineCouplingParameterCount(spec)));
  const width = hiddenSize * layers;
  const contextValues = contextual ? normal(batch * width) : undefined;
  const flow = new Chain(
    specs.map(
      (spec, i) =>
        new AffineCoupling({ spec, parameters: tf.tensor1d(parameters[i]!), contextOffset: i * hiddenSize }),
    ),
  );
  const inDouble = (row: number) => {
    const twins = specs.map((spec, i) => {
      const first = row * width + i * hiddenSize;
      const context = contextValues && Array.from(contextValues.subarray(first, first + hiddenSize));
      return couplingInDouble(spec, parameters[i]!, context);
    });
    return {
      forward: (x: readonly number[]) => twins.reduce((value, twin) => twin.forward(value), [...x]),
      inverse: (y: readonly number[]) => twins.reduceRight((value, twin) => twin.inverse(value), [...y]),
    };
  };
  return { flow, context: contextValues && tf.tensor2d(contextValues, [batch, width]), inDouble };
}
