/** Typed arrays that spaces, snapshots and safetensors files hold. */
export type NumericArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

export type DataType = 'float32' | 'float64' | 'int32' | 'uint32' | 'uint8';

const CONSTRUCTORS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const;

/** A new array of `length` zeros. */
export function allocate(dataType: DataType, length: number): NumericArray {
  return new CONSTRUCTORS[dataType](length);
}

export function dataTypeOf(array: NumericArray): DataType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof Uint32Array) return 'uint32';
  return 'uint8';
}

/** Number of elements of an array of this shape; 1 for a scalar's empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
