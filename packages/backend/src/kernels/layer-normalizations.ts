import type { DenseStackSpec } from '../operations/dense-stack-layout.js';
import type { FusedKernels } from './fused-kernels.js';

/** Arrays of `width` numbers of batch normalization: its moments and its sums. */
const MOMENTS = 6;
const SUMS = 4;

/** Rows that were picked out of a batch: the address of their numbers, and how many there are. */
export interface PickedRows {
  readonly address: number;
  readonly count: number;
}

/** The layer normalizations of one `denseStack` on the fused kernels. Sizes and offsets are in bytes. */
export class LayerNormalizations {
  /** Size of what the backward pass needs of the forward pass: per layer and member, z [batch, width] and 1 / sigma [batch]. */
  readonly keptBytes: number;
  /** Size of what the backward pass finds: per layer and member, what `batchNormalizationSums` writes. */
  readonly sumsBytes: number;
  private readonly keptOffset: number[] = [];
  private readonly sumsOffset: number[] = [];

  constructor(
    private readonly kernels: FusedKernels,
    private readonly spec: DenseStackSpec,
    private readonly batch: number,
  ) {
    const { sizes, members = 1 } = spec;
    let kept = 0;
    // The moments come first.
    let sums = 4 * MOMENTS * Math.max(...sizes);
    for (const width of sizes.slice(1, -1)) {
      this.keptOffset.push(kept);
      this.sumsOffset.push(sums);
      kept += 4 * members * batch * (width + 1);
      sums += 4 * members * SUMS * width;
    }
    this.keptBytes = kept;
    this.sumsBytes = sums;
  }

  /** The address of z of a member, where the layer's product is written first. */
  values(layer: number, member: number, kept: number): number {
    return kept + this.keptOffset[layer]! + 4 * member * this.batch * (this.width(layer) + 1);
  }

  /** The address of a member's gradients in scale and shift, side by side. */
  sums(layer: number, member: number, sums: number): number {
    return sums + this.sumsOffset[layer]! + 4 * member * SUMS * this.width(layer);
  }

  /** From the layer's product in `values` to `y`, the layer's output before an activation other than relu. */
  forward(layer: number, member: number, scale: number, y: number, kept: number, relu: boolean): void {
    const { batch } = this;
    const width = this.width(layer);
    const { epsilon } = this.spec.layerNormalization!;
    const z = this.values(layer, member, kept);
    this.kernels.run.layerNormalization(z, scale, y, z + 4 * batch * width, batch, width, epsilon, relu);
  }

  /** Replaces `delta`, the gradient in what `forward` gave, by that in the product, and fills `sums`. */
  backward(layer: number, member: number, scale: number, delta: number, kept: number, sums: number): void {
    const { batch } = this;
    const { run, backend } = this.kernels;
    const width = this.width(layer);
    const z = this.values(layer, member, kept);
    // The mean of z is 0 and its sigma 1.
    const moments = new Float32Array(backend.wasm.HEAPU8.buffer, sums, MOMENTS * width);
    moments.fill(0).fill(1, width, 3 * width);
    run.batchNormalizationSums(z, delta, sums, this.sums(layer, member, sums), batch, width);
    run.layerNormalizationGradient(z, delta, scale, z + 4 * batch * width, delta, batch, width);
  }

  /** Copies what was kept of some rows of a member to where the normalizations of a batch of these rows keep it. */
  pick(
    layer: number,
    member: number,
    rows: PickedRows,
    kept: number,
    picked: LayerNormalizations,
    to: number,
  ): void {
    const width = this.width(layer);
    const from = this.values(layer, member, kept);
    const target = picked.values(layer, 0, to);
    const { run } = this.kernels;
    run.gatherRows(from, rows.address, target, rows.count, width);
    const inverses = 4 * width;
    run.gatherRows(from + inverses * this.batch, rows.address, target + inverses * rows.count, rows.count, 1);
  }

  private width(layer: number): number {
    return this.spec.sizes[layer + 1]!;
  }
}
