import type { NumericArray, ShapedArray } from '@maxent/core';
import { refuse, textOf } from './fields.js';

/** The tensors of a file, each to be read by one layer: a file must not make us hold more than it holds itself. */
export class Tensors {
  private readonly read = new Set<string>();

  constructor(private readonly byName: Readonly<Record<string, ShapedArray>>) {}

  /**
   * The tensor that a field names, of so many dimensions and finite float32, or float64 where `wide` allows it. `shared`
   * ones are used as they are and may be named again.
   */
  take(
    path: string,
    name: unknown,
    dimensions: number,
    { wide = false, shared = false }: { readonly wide?: boolean; readonly shared?: boolean } = {},
  ): ShapedArray {
    const key = textOf(path, name);
    const tensor = Object.hasOwn(this.byName, key) ? this.byName[key] : undefined;
    if (tensor === undefined) return refuse(path, `there is no tensor "${key}"`);
    if (this.read.has(key) && !shared) refuse(path, `the tensor "${key}" is read twice`);
    this.read.add(key);
    const { shape, data } = tensor;
    if (!(data instanceof Float32Array || (wide && data instanceof Float64Array))) {
      refuse(path, `the tensor "${key}" must be float32${wide ? ' or float64' : ''}`);
    }
    if (shape.length !== dimensions || shape.includes(0)) {
      refuse(
        path,
        `the tensor "${key}" must have ${dimensions} dimensions, none 0, got [${shape.join(', ')}]`,
      );
    }
    requireFinite(path, key, data);
    return tensor;
  }

  /** Throws DamagedDataError for a tensor that nothing reads. */
  requireAllRead(): void {
    for (const name of Object.keys(this.byName))
      if (!this.read.has(name)) refuse('layers', `none reads the tensor "${name}"`);
  }
}

function requireFinite(path: string, name: string, data: NumericArray): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) refuse(path, `entry ${i} of the tensor "${name}" is ${data[i]}`);
  }
}
