import type * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../operations/activation.js';
import {
  type DenseStackSpec,
  denseStackMemberParameterCount,
  layerParameterCount,
} from '../operations/dense-stack-layout.js';
import { activationCodes } from './activation-codes.js';
import type { FusedKernels } from './fused-kernels.js';
import { LayerNormalizations } from './layer-normalizations.js';

/** Columns of x: those of one of the inputs that it consists of. */
export interface ColumnRange {
  readonly first: number;
  readonly columns: number;
}

/** The columns of each input when they lie side by side. */
export function columnRanges(inputs: readonly tf.Tensor[]): ColumnRange[] {
  let first = 0;
  return inputs.map(({ shape }) => {
    const columns = shape.at(-1)!;
    first += columns;
    return { first: first - columns, columns };
  });
}

/** Puts inputs, [batch, columns] each, side by side at `x`, [batch, width]. */
export function joinInputs(
  kernels: FusedKernels,
  inputs: readonly tf.Tensor[],
  x: number,
  width: number,
): void {
  const ranges = columnRanges(inputs);
  for (const [i, input] of inputs.entries()) {
    const { first, columns } = ranges[i]!;
    const batch = input.shape[0]!;
    kernels.run.copyBlock(kernels.address(input), x + 4 * first, batch, columns, 1, columns, width);
  }
}

/** Where the values of a call and the gradient of its output lie; `y` is 0 if the output is linear. */
export interface CallAddresses {
  readonly x: number;
  readonly parameters: number;
  readonly hidden: number;
  readonly y: number;
  readonly dy: number;
}

/** Sizes and offsets (in bytes) of one `denseStack` on the fused kernels, and the loops over layers and members. */
export class DenseStackCall {
  readonly members: number;
  readonly layers: number;
  /** How many bytes one member's parameters take. */
  readonly memberBytes: number;
  /** Per layer, the bytes from the start of a member's parameters to its weight; bias, scale and shift follow. */
  readonly weightOffset: number[] = [];
  /** Per hidden layer, the bytes from the start of all hidden activations to its own, [members, batch, width]. */
  readonly hiddenOffset: number[] = [];
  readonly hiddenBytes: number;
  readonly normalizations: LayerNormalizations | undefined;
  /** Bytes of what the backward pass needs of the forward pass: hidden activations, then what normalizations keep. */
  readonly keptBytes: number;
  /** Bytes of what the backward pass hands on from one gradient to the next. */
  readonly deltaBytes: number;
  /** Bytes of scratch memory that the methods need. */
  readonly scratchBytes: number;
  /** In the scratch memory, where that for products ends. */
  private readonly scratchOffset: number;

  constructor(
    private readonly kernels: FusedKernels,
    readonly spec: DenseStackSpec,
    readonly batch: number,
    /** Whether x is [batch, inputs] rather than [members, batch, inputs]. */
    readonly sharedInput: boolean,
  ) {
    const { sizes } = spec;
    this.members = spec.members ?? 1;
    this.layers = sizes.length - 1;
    this.memberBytes = 4 * denseStackMemberParameterCount(spec);
    let weight = 0;
    let hidden = 0;
    let scratch = 0;
    for (let layer = 0; layer < this.layers; layer++) {
      const inputs = sizes[layer]!;
      const outputs = sizes[layer + 1]!;
      this.weightOffset.push(weight);
      weight += 4 * layerParameterCount(spec, layer);
      if (layer + 1 < this.layers) {
        this.hiddenOffset.push(hidden);
        hidden += 4 * this.members * this.batch * outputs;
      }
      // The products in the forward pass, the weight's gradient and the input's gradient.
      scratch = Math.max(
        scratch,
        kernels.run.matrixMultiplyScratch(this.batch, outputs, inputs),
        kernels.run.matrixMultiplyScratch(inputs, outputs, this.batch),
        kernels.run.matrixMultiplyScratch(this.batch, inputs, outputs),
      );
    }
    this.hiddenBytes = hidden;
    this.normalizations = spec.layerNormalization && new LayerNormalizations(kernels, spec, batch);
    this.keptBytes = hidden + (this.normalizations?.keptBytes ?? 0);
    this.deltaBytes = this.sumsOffset + (this.normalizations?.sumsBytes ?? 0);
    this.scratchOffset = scratch;
    this.scratchBytes = scratch + 8 * batch;
  }

  get outputShape(): number[] {
    const shape = [this.batch, this.spec.sizes[this.layers]!];
    return this.spec.members === undefined ? shape : [this.members, ...shape];
  }

  /** Of x, or of some columns of it. */
  inputShape(columns: number): number[] {
    return this.sharedInput ? [this.batch, columns] : [this.members, this.batch, columns];
  }

  /** In the deltas, where the sums of normalizations begin: behind the hidden layers' deltas and the output's. */
  private get sumsOffset(): number {
    return this.hiddenBytes + 4 * this.members * this.batch * this.spec.sizes[this.layers]!;
  }

  get parameterCount(): number {
    return (this.members * this.memberBytes) / 4;
  }

  activation(layer: number): Activation {
    return layer + 1 === this.layers ? this.spec.outputActivation : this.spec.hiddenActivation;
  }

  /** The address of one member's part of values that are [members, batch, width]. */
  part(address: number, member: number, width: number): number {
    return address + 4 * member * this.batch * width;
  }

  /** The address of the input of `layer`: x or hidden activations. */
  layerInput(layer: number, member: number, x: number, hidden: number): number {
    const width = this.spec.sizes[layer]!;
    if (layer > 0) return this.part(hidden + this.hiddenOffset[layer - 1]!, member, width);
    return this.sharedInput ? x : this.part(x, member, width);
  }

  /** The normalizations, if the layer has one. */
  private normalizationsOf(layer: number): LayerNormalizations | undefined {
    return layer + 1 === this.layers ? undefined : this.normalizations;
  }

  /** Fills `y`, `hidden` and, behind it, what normalizations keep. */
  forward(x: number, parameters: number, hidden: number, y: number, scratch: number): void {
    const { run } = this.kernels;
    const { sizes } = this.spec;
    for (let layer = 0; layer < this.layers; layer++) {
      const inputs = sizes[layer]!;
      const outputs = sizes[layer + 1]!;
      const activation = this.activation(layer);
      for (let member = 0; member < this.members; member++) {
        const input = this.layerInput(layer, member, x, hidden);
        const last = layer + 1 === this.layers;
        const output = this.part(last ? y : hidden + this.hiddenOffset[layer]!, member, outputs);
        const weight = parameters + member * this.memberBytes + this.weightOffset[layer]!;
        const bias = weight + 4 * inputs * outputs;
        const relu = activation === 'relu';
        const normalizations = this.normalizationsOf(layer);
        const kept = hidden + this.hiddenBytes;
        run.matrixMultiply(
          input,
          weight,
          normalizations?.values(layer, member, kept) ?? output,
          this.batch,
          outputs,
          inputs,
          false,
          false,
          bias,
          relu && normalizations === undefined,
          0,
          false,
          scratch,
        );
        normalizations?.forward(layer, member, bias + 4 * outputs, output, kept, relu);
        if (!relu && activation !== 'linear') {
          run.activate(activationCodes[activation], output, output, this.batch * outputs);
        }
      }
    }
  }

  /**
   * Fills `deltas` with the gradients in each hidden layer's product, laid out like the hidden activations. Unless the
   * output is linear, the gradient before its activation follows them, and then come the sums of normalizations.
   *
   * @returns the address of the output's delta.
   */
  backward(
    parameters: number,
    hidden: number,
    y: number,
    dy: number,
    deltas: number,
    scratch: number,
  ): number {
    const { run } = this.kernels;
    const { sizes, outputActivation, hiddenActivation } = this.spec;
    let outputDelta = dy;
    if (outputActivation !== 'linear') {
      outputDelta = deltas + this.hiddenBytes;
      const count = this.members * this.batch * sizes[this.layers]!;
      run.activationGradient(activationCodes[outputActivation], dy, y, outputDelta, count);
    }
    for (let layer = this.layers - 1; layer > 0; layer--) {
      const inputs = sizes[layer]!;
      const outputs = sizes[layer + 1]!;
      const relu = hiddenActivation === 'relu';
      for (let member = 0; member < this.members; member++) {
        const above = this.delta(layer, member, outputDelta, deltas);
        const below = this.delta(layer - 1, member, outputDelta, deltas);
        const values = this.layerInput(layer, member, 0, hidden);
        const weight = parameters + member * this.memberBytes + this.weightOffset[layer]!;
        const mask = relu ? values : 0;
        run.matrixMultiply(
          above,
          weight,
          below,
          this.batch,
          inputs,
          outputs,
          false,
          true,
          0,
          false,
          mask,
          false,
          scratch,
        );
        if (!relu && hiddenActivation !== 'linear') {
          run.activationGradient(
            activationCodes[hiddenActivation],
            below,
            values,
            below,
            this.batch * inputs,
          );
        }
        const scale = weight - 8 * inputs;
        this.normalizations?.backward(
          layer - 1,
          member,
          scale,
          below,
          hidden + this.hiddenBytes,
          deltas + this.sumsOffset,
        );
      }
    }
    return outputDelta;
  }

  /** The address of the delta of `layer`'s output. */
  private delta(layer: number, member: number, outputDelta: number, deltas: number): number {
    const start = layer + 1 === this.layers ? outputDelta : deltas + this.hiddenOffset[layer]!;
    return this.part(start, member, this.spec.sizes[layer + 1]!);
  }

  /** Fills `gradient` with the gradient in the parameters. */
  parameterGradient(
    x: number,
    hidden: number,
    outputDelta: number,
    deltas: number,
    gradient: number,
    scratch: number,
  ): void {
    const { run, backend } = this.kernels;
    const { sizes } = this.spec;
    for (let layer = 0; layer < this.layers; layer++) {
      const inputs = sizes[layer]!;
      const outputs = sizes[layer + 1]!;
      const normalizations = this.normalizationsOf(layer);
      for (let member = 0; member < this.members; member++) {
        const input = this.layerInput(layer, member, x, hidden);
        const delta = this.delta(layer, member, outputDelta, deltas);
        const weight = gradient + member * this.memberBytes + this.weightOffset[layer]!;
        run.matrixMultiply(
          input,
          delta,
          weight,
          inputs,
          outputs,
          this.batch,
          true,
          false,
          0,
          false,
          0,
          false,
          scratch,
        );
        const bias = weight + 4 * inputs * outputs;
        run.columnSums(delta, bias, this.batch, outputs);
        if (normalizations !== undefined) {
          const sums = normalizations.sums(layer, member, deltas + this.sumsOffset);
          backend.wasm.HEAPU8.copyWithin(bias + 4 * outputs, sums, sums + 8 * outputs);
        }
      }
    }
  }

  /** Fills `gradient` with the gradient in some columns of x, summed over the members if they share it. */
  inputGradient(
    { first, columns }: ColumnRange,
    parameters: number,
    outputDelta: number,
    deltas: number,
    gradient: number,
    scratch: number,
  ): void {
    const { run } = this.kernels;
    const [inputs, outputs] = this.spec.sizes as [number, number];
    // A product of one column is added up in another order than the same column among others.
    const alone = columns === 1 && inputs > 1;
    const width = alone ? 2 : columns;
    const start = alone ? Math.min(first, inputs - 2) : first;
    const product = alone ? scratch + this.scratchOffset : gradient;
    for (let member = 0; member < this.members; member++) {
      const delta = this.delta(0, member, outputDelta, deltas);
      const weight = parameters + member * this.memberBytes + 4 * start * outputs;
      const target = this.sharedInput ? product : this.part(product, member, width);
      const accumulate = this.sharedInput && member > 0;
      run.matrixMultiply(
        delta,
        weight,
        target,
        this.batch,
        width,
        outputs,
        false,
        true,
        0,
        false,
        0,
        accumulate,
        scratch,
      );
    }
    if (alone) run.copyBlock(product + 4 * (first - start), gradient, this.batch, 1, 1, 2, 1);
  }
}
