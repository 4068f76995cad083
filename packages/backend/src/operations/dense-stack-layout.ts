import { InvalidInputError } from '@maxent/core';
import type { Activation } from './activation.js';

/** A multilayer perceptron, or an ensemble of `members` of them that share a shape but no parameters. */
export interface DenseStackSpec {
  /** The widths of input, hidden layers and output: at least two numbers. */
  readonly sizes: readonly number[];
  readonly hiddenActivation: Activation;
  readonly outputActivation: Activation;
  /** Absent for a single network. If given (even 1), outputs have a leading member dimension. */
  readonly members?: number | undefined;
  /** If given, each hidden layer is normalized before its activation. */
  readonly layerNormalization?: LayerNormalization | undefined;
}

/**
 * Layer normalization (Ba, Kiros and Hinton 2016, arXiv 1607.06450): with the mean and the biased variance of a row's
 * values over the layer's width, LN(x) = scale (x - mean) / sqrt(variance + epsilon) + shift.
 */
export interface LayerNormalization {
  readonly epsilon: number;
}

/** Where one layer's parameters lie, in float32 elements from the start of the flat parameter tensor. */
export interface DenseLayerLayout {
  readonly member: number;
  readonly layer: number;
  readonly weight: { readonly offset: number; readonly shape: readonly [inputs: number, outputs: number] };
  readonly bias: { readonly offset: number; readonly shape: readonly [outputs: number] };
  /** Of the layer normalization. */
  readonly scale?: { readonly offset: number; readonly shape: readonly [outputs: number] };
  readonly shift?: { readonly offset: number; readonly shape: readonly [outputs: number] };
}

/** The number of parameters of one member: the sum over layers of inputs * outputs + outputs, and those of normalizations. */
export function denseStackMemberParameterCount(spec: DenseStackSpec): number {
  let count = 0;
  for (let layer = 0; layer + 1 < spec.sizes.length; layer++) count += layerParameterCount(spec, layer);
  return count;
}

/** The number of parameters of one layer of one member. */
export function layerParameterCount(spec: DenseStackSpec, layer: number): number {
  const outputs = spec.sizes[layer + 1]!;
  return (spec.sizes[layer]! + (isNormalized(spec, layer) ? 3 : 1)) * outputs;
}

/** Whether the layer has a layer normalization: hidden ones do, if the specification says so. */
export function isNormalized({ sizes, layerNormalization }: DenseStackSpec, layer: number): boolean {
  return layerNormalization !== undefined && layer + 2 < sizes.length;
}

/** The number of parameters of all members together: the length of `denseStack`'s flat parameter tensor. */
export function denseStackParameterCount(spec: DenseStackSpec): number {
  checkDenseStackSpec(spec);
  return (spec.members ?? 1) * denseStackMemberParameterCount(spec);
}

/**
 * Where each weight and bias lies in the flat parameters. Members follow one another; within a member, the layers go
 * from input to output; within a layer, the weight, row-major [inputs, outputs], precedes the bias [outputs], which scale
 * and shift [outputs] follow where the layer is normalized.
 */
export function denseStackLayout(spec: DenseStackSpec): DenseLayerLayout[] {
  checkDenseStackSpec(spec);
  const layout: DenseLayerLayout[] = [];
  let offset = 0;
  for (let member = 0; member < (spec.members ?? 1); member++) {
    for (let layer = 0; layer + 1 < spec.sizes.length; layer++) {
      const inputs = spec.sizes[layer]!;
      const outputs = spec.sizes[layer + 1]!;
      const weight = { offset, shape: [inputs, outputs] as const };
      const bias = { offset: offset + inputs * outputs, shape: [outputs] as const };
      const after = bias.offset + outputs;
      layout.push({
        member,
        layer,
        weight,
        bias,
        ...(isNormalized(spec, layer) && {
          scale: { offset: after, shape: bias.shape },
          shift: { offset: after + outputs, shape: bias.shape },
        }),
      });
      offset += layerParameterCount(spec, layer);
    }
  }
  return layout;
}

/** @throws InvalidInputError if a width or the number of members is not a positive integer, or epsilon not positive. */
export function checkDenseStackSpec({ sizes, members, layerNormalization }: DenseStackSpec): void {
  if (sizes.length < 2) {
    throw new InvalidInputError(
      'sizes',
      `expected at least an input and an output width, but got [${sizes}]`,
    );
  }
  sizes.forEach((size, index) => {
    if (!Number.isInteger(size) || size < 1) {
      throw new InvalidInputError(`sizes[${index}]`, `expected a positive integer, but got ${size}`);
    }
  });
  if (members !== undefined && (!Number.isInteger(members) || members < 1)) {
    throw new InvalidInputError('members', `expected a positive integer or nothing, but got ${members}`);
  }
  if (layerNormalization !== undefined)
    checkEpsilon('layerNormalization.epsilon', layerNormalization.epsilon);
}

/** @throws InvalidInputError unless what is added to variances is positive and finite. */
export function checkEpsilon(field: string, epsilon: number): void {
  if (!(epsilon > 0 && epsilon < Infinity)) {
    throw new InvalidInputError(field, `expected a positive number, got ${epsilon}`);
  }
}
