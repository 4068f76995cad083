import { affineCouplingParameterCount } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { AffineCoupling } from '../affine-coupling.js';
import { Chain } from '../chain.js';
import { couplingLayers } from '../coupling-layers.js';
import { Tanh } from '../tanh.js';
import { couplingInDouble, elementwise } from './double-precision.js';

export interface RandomFlowOptions {
  readonly size: number;
  readonly layers: number;
  readonly batch: number;
  readonly contextual: boolean;
  /** Whether tanh comes last. */
  readonly squashed?: boolean;
  /** The standard deviation of all weights. */
  readonly spread: number;
  readonly rng: Rng;
}

/** Coupling layers with normally distributed weights and context, as tensors and, row by row, in double precision. */
export function randomFlow({
  size,
  layers,
  batch,
  contextual,
  squashed = false,
  spread,
  rng,
}: RandomFlowOptions) {
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
  const couplings = specs.map(
    (spec, i) =>
      new AffineCoupling({ spec, parameters: tf.tensor1d(parameters[i]!), contextOffset: i * hiddenSize }),
  );
  const flow = new Chain(squashed ? [...couplings, new Tanh()] : couplings);
  const inDouble = (row: number) => {
    const twins = specs.map((spec, i) => {
      const first = row * width + i * hiddenSize;
      const context = contextValues && Array.from(contextValues.subarray(first, first + hiddenSize));
      return couplingInDouble(spec, parameters[i]!, context);
    });
    if (squashed) twins.push(elementwise(Math.tanh, Math.atanh));
    return {
      forward: (x: readonly number[]) => twins.reduce((value, twin) => twin.forward(value), [...x]),
      inverse: (y: readonly number[]) => twins.reduceRight((value, twin) => twin.inverse(value), [...y]),
    };
  };
  return { flow, context: contextValues && tf.tensor2d(contextValues, [batch, width]), inDouble };
}
