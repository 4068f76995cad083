import type { NormalizedStackSpec } from '../operations/normalized-stack-layout.js';
import { activationCodes } from './activation-codes.js';
import type { FusedKernels } from './fused-kernels.js';

/** Arrays of `inputs` numbers per normalization: mean, 1 / sigma, r, q, slope and offset. */
const MOMENTS = 6;
/** Arrays of `inputs` numbers per normalization in the backward pass: gradients of scale and shift, and two means. */
const SUMS = 4;

/** Offsets, in bytes, of what one layer has in each block of memory. */
interface LayerOffsets {
  readonly inputs: number;
  readonly outputs: number;
  /** From the start of a member's parameters to the layer's scale; shift, weight and bias follow. */
  readonly parameters: number;
  /** From the start of a member's statistics to the layer's mean; its variance follows. */
  readonly statistics: number;
  /** In the kept values: what the layer reads, [members, batch, inputs]. The first layer reads x, which is not there. */
  readonly input: number;
  /** In the kept values: the same, normalized. */
  readonly normalized: number;
  /** In the kept values: [members, MOMENTS, inputs]. */
  readonly moments: number;
  /** In the deltas: the gradient of what the layer reads, [members, batch, inputs]. */
  readonly delta: number;
  /** In the deltas: [members, SUMS, inputs]. */
  readonly sums: number;
}

/** Where the values of a call and the gradient of its output lie; `y` is 0 if the output is linear. */
export interface NormalizedCallAddresses {
  readonly x: number;
  readonly parameters: number;
  readonly kept: number;
  readonly y: number;
  readonly dy: number;
}

/** Sizes and offsets of one `normalizedStack` on the fused kernels, and the loops over layers and members. */
export class NormalizedStackCall {
  readonly members: number;
  readonly layers: readonly LayerOffsets[];
  /** Bytes of what the backward pass needs of the forward pass. */
  readonly keptBytes: number;
  /** Bytes of what the backward pass hands on from one gradient to the next, but for the output's delta. */
  readonly deltaBytes: number;
  /** Bytes of scratch memory that the methods need. */
  readonly scratchBytes: number;
  private readonly memberBytes: { readonly parameters: number; readonly statistics: number };

  constructor(
    private readonly kernels: FusedKernels,
    readonly spec: NormalizedStackSpec,
    readonly batch: number,
    /** Whether x is [batch, inputs] rather than [members, batch, inputs]. */
    readonly sharedInput: boolean,
  ) {
    this.members = spec.members ?? 1;
    const { members } = this;
    const layers: LayerOffsets[] = [];
    let [parameters, statistics, kept, deltas, scratch] = [0, 0, 0, 0, 0];
    for (let layer = 0; layer + 1 < spec.sizes.length; layer++) {
      const inputs = spec.sizes[layer]!;
      const outputs = spec.sizes[layer + 1]!;
      const values = 4 * members * batch * inputs;
      const input = kept;
      const normalized = layer === 0 ? kept : kept + values;
      const moments = normalized + values;
      const sums = deltas + values;
      layers.push({
        inputs,
        outputs,
        parameters,
        statistics,
        input,
        normalized,
        moments,
        delta: deltas,
        sums,
      });
      kept = moments + 4 * members * MOMENTS * inputs;
      deltas = sums + 4 * members * SUMS * inputs;
      parameters += 4 * (2 * inputs + (inputs + 1) * outputs);
      statistics += 8 * inputs;
      scratch = Math.max(
        scratch,
        kernels.run.matrixMultiplyScratch(batch, outputs, inputs),
        kernels.run.matrixMultiplyScratch(inputs, outputs, batch),
        kernels.run.matrixMultiplyScratch(batch, inputs, outputs),
      );
    }
    this.layers = layers;
    this.keptBytes = kept;
    this.deltaBytes = deltas;
    this.scratchBytes = scratch;
    this.memberBytes = { parameters, statistics };
  }

  get outputShape(): number[] {
    const shape = [this.batch, this.spec.sizes.at(-1)!];
    return this.spec.members === undefined ? shape : [this.members, ...shape];
  }

  get outputCount(): number {
    return this.members * this.batch * this.spec.sizes.at(-1)!;
  }

  get parameterCount(): number {
    return (this.members * this.memberBytes.parameters) / 4;
  }

  /** Fills `y` and `kept`, and moves the statistics. */
  forward(
    { x, parameters, kept, y }: Omit<NormalizedCallAddresses, 'dy'>,
    statistics: number,
    renormalize: boolean,
    scratch: number,
  ): void {
    const { run } = this.kernels;
    const { epsilon, momentum } = this.spec;
    for (const [index, layer] of this.layers.entries()) {
      const { inputs, outputs } = layer;
      const activation = this.activation(index);
      const relu = activation === 'relu';
      for (let member = 0; member < this.members; member++) {
        const scale = this.parametersOf(parameters, layer, member);
        const weight = scale + 8 * inputs;
        const normalized = this.rows(kept + layer.normalized, member, inputs);
        run.batchNormalization(
          this.inputOf(index, member, x, kept),
          scale,
          statistics + member * this.memberBytes.statistics + layer.statistics,
          normalized,
          this.momentsOf(kept, layer, member),
          this.batch,
          inputs,
          epsilon,
          1 - momentum,
          renormalize,
        );
        const next = this.layers[index + 1];
        const output = this.rows(next === undefined ? y : kept + next.input, member, outputs);
        run.matrixMultiply(
          normalized,
          weight,
          output,
          this.batch,
          outputs,
          inputs,
          false,
          false,
          weight + 4 * inputs * outputs,
          relu,
          0,
          false,
          scratch,
        );
        if (!relu && activation !== 'linear') {
          run.activate(activationCodes[activation], output, output, this.batch * outputs);
        }
      }
    }
  }

  /**
   * Fills `deltas`: for each layer but the first the gradient of what the layer before it put out, before its activation,
   * for the first the gradient of the normalized x; and the sums of each normalization. Unless the output is linear, the
   * gradient before its activation follows them.
   *
   * @returns the address of the output's delta.
   */
  backward({ x, parameters, kept, y, dy }: NormalizedCallAddresses, deltas: number, scratch: number): number {
    const { run } = this.kernels;
    const { outputActivation, hiddenActivation } = this.spec;
    let outputDelta = dy;
    if (outputActivation !== 'linear') {
      outputDelta = deltas + this.deltaBytes;
      run.activationGradient(activationCodes[outputActivation], dy, y, outputDelta, this.outputCount);
    }
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const layer = this.layers[index]!;
      const { inputs, outputs } = layer;
      for (let member = 0; member < this.members; member++) {
        const delta = this.rows(deltas + layer.delta, member, inputs);
        const input = this.inputOf(index, member, x, kept);
        const weight = this.parametersOf(parameters, layer, member) + 8 * inputs;
        const moments = this.momentsOf(kept, layer, member);
        const sums = this.sumsOf(deltas, layer, member);
        run.matrixMultiply(
          this.deltaAbove(index, member, outputDelta, deltas),
          weight,
          delta,
          this.batch,
          inputs,
          outputs,
          false,
          true,
          0,
          false,
          0,
          false,
          scratch,
        );
        run.batchNormalizationSums(input, delta, moments, sums, this.batch, inputs);
        if (index === 0) continue;
        const relu = hiddenActivation === 'relu';
        run.batchNormalizationGradient(input, delta, moments, sums, delta, this.batch, inputs, relu);
        if (!relu && hiddenActivation !== 'linear') {
          run.activationGradient(activationCodes[hiddenActivation], delta, input, delta, this.batch * inputs);
        }
      }
    }
    return outputDelta;
  }

  /** Fills `gradient` with the gradient in the parameters. */
  parameterGradient(
    kept: number,
    outputDelta: number,
    deltas: number,
    gradient: number,
    scratch: number,
  ): void {
    const { run, backend } = this.kernels;
    for (const [index, layer] of this.layers.entries()) {
      const { inputs, outputs } = layer;
      for (let member = 0; member < this.members; member++) {
        const scale = this.parametersOf(gradient, layer, member);
        const weight = scale + 8 * inputs;
        const sums = this.sumsOf(deltas, layer, member);
        const delta = this.deltaAbove(index, member, outputDelta, deltas);
        backend.wasm.HEAPU8.copyWithin(scale, sums, sums + 8 * inputs);
        run.matrixMultiply(
          this.rows(kept + layer.normalized, member, inputs),
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
        run.columnSums(delta, weight + 4 * inputs * outputs, this.batch, outputs);
      }
    }
  }

  /** Fills `gradient` with the gradient in one member's x, [batch, inputs]. */
  inputGradient(member: number, x: number, kept: number, deltas: number, gradient: number): void {
    const layer = this.layers[0]!;
    this.kernels.run.batchNormalizationGradient(
      this.inputOf(0, member, x, kept),
      this.rows(deltas + layer.delta, member, layer.inputs),
      this.momentsOf(kept, layer, member),
      this.sumsOf(deltas, layer, member),
      gradient,
      this.batch,
      layer.inputs,
      false,
    );
  }

  private activation(layer: number) {
    return layer + 1 === this.layers.length ? this.spec.outputActivation : this.spec.hiddenActivation;
  }

  /** The address of one member's part of values that are [members, batch, width]. */
  private rows(address: number, member: number, width: number): number {
    return address + 4 * member * this.batch * width;
  }

  private parametersOf(parameters: number, layer: LayerOffsets, member: number): number {
    return parameters + member * this.memberBytes.parameters + layer.parameters;
  }

  private momentsOf(kept: number, { moments, inputs }: LayerOffsets, member: number): number {
    return kept + moments + 4 * member * MOMENTS * inputs;
  }

  private sumsOf(deltas: number, { sums, inputs }: LayerOffsets, member: number): number {
    return deltas + sums + 4 * member * SUMS * inputs;
  }

  /** The address of what a layer reads. */
  private inputOf(index: number, member: number, x: number, kept: number): number {
    const { input, inputs } = this.layers[index]!;
    if (index > 0) return this.rows(kept + input, member, inputs);
    return this.sharedInput ? x : this.rows(x, member, inputs);
  }

  /** The address of the delta of a layer's output. */
  private deltaAbove(index: number, member: number, outputDelta: number, deltas: number): number {
    const next = this.layers[index + 1];
    const start = next === undefined ? outputDelta : deltas + next.delta;
    return this.rows(start, member, this.layers[index]!.outputs);
  }
}
