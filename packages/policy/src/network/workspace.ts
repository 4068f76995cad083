import { formatBytes, type ShapedArray } from '@maxent/core';
import { refuse } from '../file/fields.js';
import { type Kernel, makeKernel } from './kernel.js';

/** Numbers in the workspace; `data` is there once the workspace has its memory. */
export interface Slot {
  readonly length: number;
  /** Bytes from the start of the memory. */
  readonly address: number;
  data: Float32Array;
}

/** Entries that a slot's memory is rounded up to, so that the kernel needs no remainder loops; unused ones are 0. */
const PANEL = 8;
const MEMORY_LIMIT = 2 ** 30;

export type Activation = 'linear' | 'relu' | 'tanh';
const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'tanh'];

/**
 * All float32 numbers that a policy computes with, in one memory. They are first asked for, so that nothing is
 * allocated before the whole network has been checked, and then allocated at once.
 */
export class Workspace {
  private readonly asked: {
    readonly slot: Slot;
    readonly fill: ((data: Float32Array) => void) | undefined;
  }[] = [];
  private byteLength = 0;
  private kernel: Kernel | null = null;

  slot(length: number, fill?: (data: Float32Array) => void): Slot {
    const slot: Slot = { length, address: this.byteLength, data: NOTHING };
    this.byteLength += 4 * padded(length);
    this.asked.push({ slot, fill });
    return slot;
  }

  /** y = activation(x W + b), for W [inputs, outputs]; gives y and what computes it. */
  dense(
    x: Slot,
    weight: ShapedArray,
    bias: ShapedArray,
    activation: Activation,
  ): { readonly output: Slot; readonly run: () => void } {
    const outputs = bias.data.length;
    const inputs = padded(x.length);
    const y = this.slot(outputs);
    const w = this.slot(inputs * padded(outputs), (panels) => fillPanels(panels, weight, inputs));
    const b = this.slot(padded(outputs), (values) => values.set(bias.data));
    const code = ACTIVATIONS.indexOf(activation);
    return {
      output: y,
      run: () => {
        if (this.kernel === null) plainDense(x.data, w.data, b.data, y.data, inputs, activation);
        else this.kernel.dense(x.address, w.address, b.address, y.address, inputs, padded(outputs), code);
      },
    };
  }

  /** Takes the memory and writes the weights. Throws DamagedDataError for more than 1 GiB, before taking any. */
  allocate(): void {
    if (this.byteLength > MEMORY_LIMIT) {
      refuse(
        'layers',
        `need ${formatBytes(this.byteLength)}, more than the limit of ${formatBytes(MEMORY_LIMIT)}`,
      );
    }
    this.kernel = makeKernel(this.byteLength);
    const buffer = this.kernel?.memory.buffer ?? new ArrayBuffer(this.byteLength);
    for (const { slot, fill } of this.asked) {
      slot.data = new Float32Array(buffer, slot.address, slot.length);
      fill?.(slot.data);
    }
    this.asked.length = 0;
  }
}

const NOTHING = new Float32Array(0);

function padded(length: number): number {
  return Math.ceil(length / PANEL) * PANEL;
}

/** Panels of 8 outputs, each [inputs, 8], one after the other: the order in which both loops read them. */
function fillPanels(panels: Float32Array, { shape, data }: ShapedArray, inputs: number): void {
  const [rows, columns] = shape as [number, number];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      panels[((j >> 3) * inputs + i) * PANEL + (j & 7)] = data[i * columns + j]!;
    }
  }
}

/** What assembly/dense.ts computes, in double precision between the layers' float32. */
function plainDense(
  x: Float32Array,
  w: Float32Array,
  b: Float32Array,
  y: Float32Array,
  inputs: number,
  activation: Activation,
): void {
  for (let panel = 0; panel < y.length; panel += PANEL) {
    let s0 = b[panel]!;
    let s1 = b[panel + 1]!;
    let s2 = b[panel + 2]!;
    let s3 = b[panel + 3]!;
    let s4 = b[panel + 4]!;
    let s5 = b[panel + 5]!;
    let s6 = b[panel + 6]!;
    let s7 = b[panel + 7]!;
    let at = panel * inputs;
    for (let i = 0; i < x.length; i++) {
      const xi = x[i]!;
      s0 += xi * w[at]!;
      s1 += xi * w[at + 1]!;
      s2 += xi * w[at + 2]!;
      s3 += xi * w[at + 3]!;
      s4 += xi * w[at + 4]!;
      s5 += xi * w[at + 5]!;
      s6 += xi * w[at + 6]!;
      s7 += xi * w[at + 7]!;
      at += PANEL;
    }
    // Writes beyond the end of y are ignored.
    y[panel] = s0;
    y[panel + 1] = s1;
    y[panel + 2] = s2;
    y[panel + 3] = s3;
    y[panel + 4] = s4;
    y[panel + 5] = s5;
    y[panel + 6] = s6;
    y[panel + 7] = s7;
  }
  if (activation === 'relu') for (let i = 0; i < y.length; i++) y[i] = Math.max(y[i]!, 0);
  if (activation === 'tanh') for (let i = 0; i < y.length; i++) y[i] = Math.tanh(y[i]!);
}
