/** Numbers in one flat array, row-major, which JSON shows as arrays nested in `shape`; without axes, as one number. */
export class NestedArray {
  constructor(
    readonly values: Float64Array,
    readonly shape: readonly number[],
  ) {}

  /** The matrix whose rows have `columns` entries. */
  static rows(values: Float64Array, columns: number): NestedArray {
    return new NestedArray(values, [values.length / columns, columns]);
  }

  /** Matrices of this size, one after another. */
  static matrices(values: Float64Array, rows: number, columns: number): NestedArray {
    return new NestedArray(values, [values.length / (rows * columns), rows, columns]);
  }

  /** The entry at an index of each axis. */
  at(...indices: readonly number[]): number {
    return this.values[indices.reduce((place, index, axis) => place * this.shape[axis]! + index, 0)]!;
  }

  /** The part at an index of the first axis, in the same memory. */
  part(index: number): NestedArray {
    const [size, ...rest] = this.shape;
    const stride = this.values.length / size!;
    return new NestedArray(this.values.subarray(index * stride, (index + 1) * stride), rest);
  }
}
