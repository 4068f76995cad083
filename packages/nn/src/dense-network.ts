import {
  type Activation,
  type DenseLayerLayout,
  type DenseStackInput,
  type DenseStackSpec,
  denseStack,
  denseStackLayout,
  denseStackParameterCount,
  fillTensor,
} from '@maxent/backend';
import { InvalidInputError, type Rng, requireMemory, type ShapedArray, showValue } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { fanInUniform, type Initializer } from './initializers.js';
import { type NamedSlot, readSlots, writeSlots } from './named-slots.js';

/** PyTorch's. */
const LAYER_NORMALIZATION_EPSILON = 1e-5;
const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'tanh', 'elu'];

export interface MlpOptions {
  readonly inputSize: number;
  /** The widths of the hidden layers, in order; with an empty list the network is affine. */
  readonly hiddenSizes: readonly number[];
  readonly outputSize: number;
  /** Default 'relu'. */
  readonly hiddenActivation?: Activation | undefined;
  /** Default 'linear'. */
  readonly outputActivation?: Activation | undefined;
  /** Whether hidden layers have a layer normalization before their activation; default false. */
  readonly layerNormalization?: boolean | undefined;
  /** Default `fanInUniform()`. */
  readonly initializer?: Initializer | undefined;
  /** For the output layer only; default `initializer`. */
  readonly outputInitializer?: Initializer | undefined;
  /**
   * Draws the parameters member by member, layer by layer, weight before bias. This advances the stream, so a second
   * network from the same `rng` has different parameters.
   */
  readonly rng: Rng;
}

/** The two parts of a network. */
export interface NetworkParts {
  readonly spec: DenseStackSpec;
  /** All weights and biases, scales and shifts, float32, laid out as `denseStackLayout(spec)` of @maxent/backend says. */
  readonly parameters: tf.Variable<tf.Rank.R1>;
}

/** The base of `Mlp` and `MlpEnsemble`: one flat parameter variable and its names. */
export abstract class DenseNetwork implements NetworkParts {
  readonly spec: DenseStackSpec;
  readonly parameters: tf.Variable<tf.Rank.R1>;

  protected constructor({ spec, parameters }: NetworkParts) {
    this.spec = spec;
    this.parameters = parameters;
  }

  get inputSize(): number {
    return this.spec.sizes[0]!;
  }

  get outputSize(): number {
    return this.spec.sizes.at(-1)!;
  }

  get parameterCount(): number {
    return this.parameters.size;
  }

  /**
   * Copies of the parameters: `layer.<l>.weight` [inputs, outputs] (the transpose of PyTorch's) and `layer.<l>.bias`
   * [outputs], and with layer normalization `layer.<l>.scale` and `layer.<l>.shift` [outputs] of hidden layers; for
   * ensembles with the prefix `member.<m>.`. They can go into a Snapshot or `encodeSafetensors`.
   */
  namedArrays(): Record<string, ShapedArray> {
    return readSlots(this.slots());
  }

  /**
   * Loads the parameters that `namedArrays` returned.
   *
   * @throws SnapshotMismatchError if a name is missing or unknown, a shape differs, or an array is not float32; the
   * network is then unchanged.
   */
  loadNamedArrays(arrays: Readonly<Record<string, ShapedArray>>): void {
    writeSlots(this.slots(), arrays, `this network with widths [${this.spec.sizes}]`);
  }

  /**
   * Copies another network's parameters into this one.
   *
   * @throws InvalidInputError if the widths, members or activations differ.
   */
  copyFrom(source: this): void {
    if (JSON.stringify(source.spec) !== JSON.stringify(this.spec)) {
      throw new InvalidInputError(
        'source',
        `expected a network like ${JSON.stringify(this.spec)}, got ${JSON.stringify(source.spec)}`,
      );
    }
    this.parameters.assign(source.parameters);
  }

  /** Frees the parameters; the network cannot be used afterwards. */
  dispose(): void {
    this.parameters.dispose();
  }

  protected applyStack(x: DenseStackInput): tf.Tensor {
    return denseStack(x, this.parameters, this.spec);
  }

  private slots(): NamedSlot[] {
    const { parameters: variable } = this;
    return denseStackLayout(this.spec).flatMap(({ member, layer, ...slots }) => {
      const prefix = layerPrefix(this.spec, member, layer);
      return Object.entries(slots).map(([name, slot]) => ({ name: `${prefix}.${name}`, variable, ...slot }));
    });
  }
}

/** How the names of a layer's arrays begin. */
export function layerPrefix({ members }: DenseStackSpec, member: number, layer: number): string {
  return members === undefined ? `layer.${layer}` : `member.${member}.layer.${layer}`;
}

/** @throws InvalidInputError if a width or activation is invalid. */
export function specOf(options: Omit<MlpOptions, 'rng'>): DenseStackSpec {
  const {
    inputSize,
    hiddenSizes,
    outputSize,
    hiddenActivation = 'relu',
    outputActivation = 'linear',
    layerNormalization = false,
  } = options;
  checkSize('inputSize', inputSize);
  if (!Array.isArray(hiddenSizes)) {
    throw new InvalidInputError(
      'hiddenSizes',
      `expected a list of widths such as [256, 256], got ${hiddenSizes}`,
    );
  }
  for (const [layer, size] of hiddenSizes.entries()) checkSize(`hiddenSizes[${layer}]`, size);
  checkSize('outputSize', outputSize);
  requireParameterMemory([inputSize, ...hiddenSizes, outputSize]);
  checkActivation('hiddenActivation', hiddenActivation);
  checkActivation('outputActivation', outputActivation);
  return {
    ...{ sizes: [inputSize, ...hiddenSizes, outputSize], hiddenActivation, outputActivation },
    ...(layerNormalization && { layerNormalization: { epsilon: LAYER_NORMALIZATION_EPSILON } }),
  };
}

export function initialize(spec: DenseStackSpec, options: MlpOptions): NetworkParts {
  const layout = denseStackLayout(spec);
  const values = fillTensor<tf.Rank.R1>([denseStackParameterCount(spec)], (all) =>
    initializeLayers(layout, all, options),
  );
  return { spec, parameters: variableOf(values, true) };
}

/** Fills the weights and biases of layers, in their order, and sets scales to 1 and shifts to 0. */
export function initializeLayers(
  layout: readonly DenseLayerLayout[],
  all: Float32Array,
  { initializer = fanInUniform(), outputInitializer = initializer, rng }: MlpOptions,
): void {
  const last = layout.at(-1)!.layer;
  for (const { layer, weight, bias, scale, shift } of layout) {
    const [inputs, outputs] = weight.shape;
    const initialize = layer === last ? outputInitializer : initializer;
    initialize(
      {
        inputs,
        outputs,
        weight: all.subarray(weight.offset, weight.offset + inputs * outputs),
        bias: all.subarray(bias.offset, bias.offset + outputs),
      },
      rng,
    );
    fillSlot(all, scale, 1);
    fillSlot(all, shift, 0);
  }
}

/** Sets the numbers of a slot, if there is one. */
export function fillSlot(all: Float32Array, slot: DenseLayerLayout['scale'], value: number): void {
  if (slot !== undefined) all.fill(value, slot.offset, slot.offset + slot.shape[0]);
}

/** A copy of the parts, with a variable that `tf.variableGrads` does not train. */
export function targetOf({ spec, parameters }: NetworkParts): NetworkParts {
  return { spec, parameters: variableOf(parameters.clone(), false) };
}

/** A variable with these values, which it takes over. */
export function variableOf(values: tf.Tensor1D, trainable: boolean): tf.Variable<tf.Rank.R1> {
  const variable = tf.variable(values, trainable);
  values.dispose();
  return variable;
}

function checkSize(field: string, size: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new InvalidInputError(field, `expected a positive integer, got ${size}`);
  }
}

/** How many bytes a parameter takes in training: itself, its gradient and Adam's two moments, in float32. */
const BYTES_PER_PARAMETER = 16;
/** A WebAssembly memory holds 4 GiB, which actor, critics, targets and a gradient step share. */
const PARAMETER_MEMORY_LIMIT = 2 ** 30;

/** Throws InvalidInputError for `hiddenSizes`, or for `members`, if training would take more than 1 GiB. */
export function requireParameterMemory(sizes: readonly number[], members = 1): void {
  let parameters = 0;
  for (let i = 0; i + 1 < sizes.length; i++) parameters += (sizes[i]! + 1) * sizes[i + 1]!;
  requireMemory(
    members === 1 ? 'hiddenSizes' : 'members',
    members * parameters * BYTES_PER_PARAMETER,
    PARAMETER_MEMORY_LIMIT,
    {
      what: `training ${members === 1 ? 'a network' : `${members} networks`} of widths ${showValue(sizes)}`,
      remedy: members === 1 ? 'use narrower or fewer layers' : 'use fewer or smaller networks',
    },
  );
}

function checkActivation(field: string, activation: Activation): void {
  if (!ACTIVATIONS.includes(activation)) {
    throw new InvalidInputError(field, `expected one of ${ACTIVATIONS.join(', ')}, got ${activation}`);
  }
}
