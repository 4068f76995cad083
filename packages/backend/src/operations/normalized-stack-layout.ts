import { InvalidInputError } from '@maxent/core';
import {
  checkDenseStackSpec,
  checkEpsilon,
  type DenseLayerLayout,
  type DenseStackSpec,
} from './dense-stack-layout.js';

/** A dense stack with batch normalization before each of its dense layers, the first and the last included. */
export interface NormalizedStackSpec extends Omit<DenseStackSpec, 'layerNormalization'> {
  /** Added to variances before their root is taken. */
  readonly epsilon: number;
  /** Weight of the old running statistics in the new ones. */
  readonly momentum: number;
}

/** Where numbers of one normalization lie, in float32 elements. */
export interface NormalizationSlot {
  readonly offset: number;
  readonly shape: readonly [inputs: number];
}

/** Where one layer's numbers lie: scale, shift, weight and bias in the parameters, mean and variance in the statistics. */
export interface NormalizedLayerLayout extends DenseLayerLayout {
  readonly scale: NormalizationSlot;
  readonly shift: NormalizationSlot;
  readonly mean: NormalizationSlot;
  readonly variance: NormalizationSlot;
}

/**
 * Where each number lies. Members follow one another; within a member, the layers go from input to output; within a
 * layer, scale and shift [inputs] precede the weight, row-major [inputs, outputs], and the bias [outputs]. In the
 * statistics, a layer's mean [inputs] precedes its variance [inputs].
 *
 * @throws InvalidInputError if a width, the number of members, `epsilon` or `momentum` is out of range.
 */
export function normalizedStackLayout(spec: NormalizedStackSpec): NormalizedLayerLayout[] {
  checkNormalizedStackSpec(spec);
  const layout: NormalizedLayerLayout[] = [];
  let offset = 0;
  let statistics = 0;
  for (let member = 0; member < (spec.members ?? 1); member++) {
    for (let layer = 0; layer + 1 < spec.sizes.length; layer++) {
      const inputs = spec.sizes[layer]!;
      const outputs = spec.sizes[layer + 1]!;
      const shape = [inputs] as const;
      const first = offset + 2 * inputs;
      layout.push({
        member,
        layer,
        scale: { offset, shape },
        shift: { offset: offset + inputs, shape },
        weight: { offset: first, shape: [inputs, outputs] },
        bias: { offset: first + inputs * outputs, shape: [outputs] },
        mean: { offset: statistics, shape },
        variance: { offset: statistics + inputs, shape },
      });
      offset = first + (inputs + 1) * outputs;
      statistics += 2 * inputs;
    }
  }
  return layout;
}

/** The lengths of the flat tensors of parameters and of statistics. Throws what `normalizedStackLayout` throws. */
export function normalizedStackCounts(spec: NormalizedStackSpec): {
  readonly parameters: number;
  readonly statistics: number;
} {
  const { bias, variance } = normalizedStackLayout(spec).at(-1)!;
  return {
    parameters: bias.offset + bias.shape[0],
    statistics: variance.offset + variance.shape[0],
  };
}

function checkNormalizedStackSpec(spec: NormalizedStackSpec): void {
  checkDenseStackSpec(spec);
  const { epsilon, momentum } = spec;
  checkEpsilon('epsilon', epsilon);
  if (!(momentum >= 0 && momentum < 1)) {
    throw new InvalidInputError('momentum', `expected a number in [0, 1), got ${momentum}`);
  }
}
