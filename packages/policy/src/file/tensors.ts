import type { ShapedArray } from '@maxent/core';
import type { Field } from './field.js';

/** `wide`: float64 is allowed too. `shared`: it is not copied, so any number of layers may name it. */
export type TensorUse = '' | 'wide' | 'shared' | 'wide shared';

/** A file's tensors, each read by one layer only: a file must not make us allocate more than its own size. */
export class Tensors {
  private readonly read = new Set<string>();

  constructor(private readonly byName: Readonly<Record<string, ShapedArray>>) {}

  /** The finite tensor that a field names, with `dimensions` dimensions and, if given, `rows` as the first one. */
  take(field: Field, dimensions: number, rows?: number, use: TensorUse = ''): ShapedArray {
    const wide = use.includes('wide');
    const name = field.text();
    if (!Object.hasOwn(this.byName, name)) field.refuse(`there is no tensor "${name}"`);
    if (this.read.has(name) && !use.includes('shared')) field.refuse(`"${name}" is read twice`);
    this.read.add(name);
    const tensor = this.byName[name]!;
    const { shape, data } = tensor;
    field.require(
      data instanceof Float32Array || (wide && data instanceof Float64Array),
      wide ? 'float32 or float64' : 'float32',
      data,
    );
    field.require(
      shape.length === dimensions && !shape.includes(0) && shape[0] === (rows ?? shape[0]),
      `${dimensions} dimensions, the first ${rows ?? 'not 0'}`,
      shape,
    );
    field.require((data as Float32Array).every(Number.isFinite), 'finite numbers', data);
    return tensor;
  }

  /** Throws DamagedDataError if a tensor is not read by any layer. */
  requireAllRead(layers: Field): void {
    for (const name of Object.keys(this.byName)) {
      if (!this.read.has(name)) layers.refuse(`no layer reads the tensor "${name}"`);
    }
  }
}
