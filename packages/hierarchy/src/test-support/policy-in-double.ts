import { type ShapedArray, splitSnapshot } from '@maxent/core';
import { couplingLayers } from '@maxent/distributions';
import {
  couplingInDouble,
  elementwise,
} from '../../../distributions/src/bijectors/test-support/double-precision.js';
import type { FlowPolicy } from '../flow-policy.js';

type Row = readonly number[];

/** A policy's map in one state, computed from its snapshot by the formula in double precision. */
export function policyInDouble(policy: FlowPolicy, state: Row) {
  const snapshot = policy.save();
  const { couplingHiddenSize: hiddenSize, couplingLayers: layers, hiddenSizes, ...design } = policy.design;
  const { arrays } = splitSnapshot(snapshot, 'embedding')!;
  let embedding = state;
  for (let l = 0; l <= hiddenSizes.length; l++) {
    const sums = dense(embedding, arrays[`layer.${l}.weight`]!, arrays[`layer.${l}.bias`]!);
    embedding = l < hiddenSizes.length ? sums.map((sum) => Math.max(sum, 0)) : sums;
  }
  const couplings = splitSnapshot(snapshot, 'couplings')!.arrays;
  const { maximumLogScale } = design;
  const maps = couplingLayers({ size: policy.actionSize, layers, hiddenSize, maximumLogScale }).map(
    (spec, i) =>
      couplingInDouble(
        spec,
        couplings[`layer.${i}`]!.data as Float32Array,
        embedding.slice(i * hiddenSize, (i + 1) * hiddenSize),
      ),
  );
  if (design.squashed) maps.push(elementwise(Math.tanh, Math.atanh));
  return {
    forward: (x: Row) => maps.reduce((value, map) => map.forward(value), [...x]),
    inverse: (y: Row) => maps.reduceRight((value, map) => map.inverse(value), [...y]),
  };
}

function dense(x: Row, weight: ShapedArray, bias: ShapedArray): number[] {
  const outputs = bias.data.length;
  return Array.from(bias.data as Float32Array, (start, k) =>
    x.reduce((sum, value, i) => sum + value * Number(weight.data[i * outputs + k]), start),
  );
}
