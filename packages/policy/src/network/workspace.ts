import { DamagedDataError, type ShapedArray } from '@maxent/core';
import { type DenseLoop, makeKernel } from './kernel.js';

/** Numbers in the workspace; `data` is set when the workspace allocates its memory. */
export interface Slot {
  readonly length: number;
  /** A Float64Array for the row of a table. */
  data: Float32Array;
}

/**
 * A slot's memory is rounded up to a multiple of this, so the kernel needs no remainder loops; unused entries are 0.
 */
const PANEL = 4;
const MEMORY_LIMIT = 2 ** 30;

/**
 * All float32 numbers that a policy computes with, in one memory. Slots are requested first and then allocated
 * together, so that nothing is allocated before the whole network has been checked.
 */
export class Workspace {
  private readonly asked: {
    readonly slot: Slot;
    readonly fill: ((data: Float32Array) => void) | undefined;
  }[] = [];
  private byteLength = 0;
  private loop: DenseLoop = plainDense;

  slot(length: number, fill?: (data: Float32Array) => void): Slot {
    const slot: Slot = { length, data: NOTHING };
    this.byteLength += 4 * padded(length);
    this.asked.push({ slot, fill });
    return slot;
  }

  /** y = activation(x W + b), for W [inputs, outputs]. Returns y and the function that computes it. */
  dense(
    x: Slot,
    weight: ShapedArray,
    bias: ShapedArray,
    activation: 'relu' | 'tanh' | undefined,
  ): { readonly output: Slot; readonly run: () => void } {
    const outputs = bias.data.length;
    const inputs = padded(x.length);
    const y = this.slot(outputs);
    const w = this.slot(inputs * padded(outputs), (panels) => fillPanels(panels, weight, inputs));
    const b = this.slot(padded(outputs), (values) => values.set(bias.data));
    const least = activation === 'relu' ? 0 : -Infinity;
    return {
      output: y,
      run: () => {
        this.loop(x.data, w.data, b.data, y.data, inputs, padded(outputs), least);
        if (activation === 'tanh') tanhInPlace(y.data);
      },
    };
  }

  /** Allocates the memory and writes the weights. Throws DamagedDataError, before allocating, if it exceeds 1 GiB. */
  allocate(): void {
    if (this.byteLength > MEMORY_LIMIT) {
      throw new DamagedDataError('policy file: layers: acting would take more than 1 GiB of memory');
    }
    const kernel = makeKernel(this.byteLength);
    if (kernel !== null) this.loop = kernel.dense;
    const buffer = kernel?.buffer ?? new ArrayBuffer(this.byteLength);
    let address = 0;
    for (const { slot, fill } of this.asked) {
      slot.data = new Float32Array(buffer, address, slot.length);
      address += 4 * padded(slot.length);
      fill?.(slot.data);
    }
    this.asked.length = 0;
  }
}

const NOTHING = new Float32Array(0);

function padded(length: number): number {
  return Math.ceil(length / PANEL) * PANEL;
}

/** Writes panels of 4 outputs, each [inputs, 4], one after the other: the order in which both loops read them. */
function fillPanels(panels: Float32Array, { shape, data }: ShapedArray, inputs: number): void {
  const [rows, columns] = shape as [number, number];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      panels[((j >> 2) * inputs + i) * PANEL + (j & 3)] = data[i * columns + j]!;
    }
  }
}

/** Computes the same as assembly/dense.ts, in double precision between the layers' float32 values. */
const plainDense: DenseLoop = (x, w, b, y, inputs, outputs, least) => {
  for (let panel = 0; panel < outputs; panel += PANEL) {
    let s0 = b[panel]!;
    let s1 = b[panel + 1]!;
    let s2 = b[panel + 2]!;
    let s3 = b[panel + 3]!;
    let at = panel * inputs;
    for (let i = 0; i < x.length; i++) {
      const xi = x[i]!;
      s0 += xi * w[at]!;
      s1 += xi * w[at + 1]!;
      s2 += xi * w[at + 2]!;
      s3 += xi * w[at + 3]!;
      at += PANEL;
    }
    // Writes beyond the end of y are ignored.
    y[panel] = Math.max(s0, least);
    y[panel + 1] = Math.max(s1, least);
    y[panel + 2] = Math.max(s2, least);
    y[panel + 3] = Math.max(s3, least);
  }
};

/** Faster than Math.tanh and within 1e-7 of it, which is enough for float32 values of at most 1. */
function tanhInPlace(x: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = 1 - 2 / (Math.exp(2 * x[i]!) + 1);
}
