import { InvalidInputError } from './errors.js';
import { formatBytes } from './memory.js';
import { showValue } from './show-value.js';

/** The typed arrays that spaces, snapshots and safetensors files hold. */
export type NumericArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

export type DataType = 'float32' | 'float64' | 'int32' | 'uint32' | 'uint8';

const CONSTRUCTORS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const;

/** A new array of `length` zeros. Throws InvalidInputError if this machine cannot hold that many. */
export function allocate(dataType: DataType, length: number): NumericArray {
  const Numbers = CONSTRUCTORS[dataType];
  try {
    return new Numbers(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidInputError(
      'length',
      `${length} ${dataType} numbers (${formatBytes(length * Numbers.BYTES_PER_ELEMENT)}) are more than this machine can hold`,
      { cause: error },
    );
  }
}

const DATA_TYPES: Readonly<Record<string, DataType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  Uint8Array: 'uint8',
};

/** Throws InvalidInputError for any other kind of array, such as an Int16Array. */
export function dataTypeOf(array: NumericArray): DataType {
  const name = typedArrayName(array);
  const dataType = name === undefined ? undefined : DATA_TYPES[name];
  if (dataType !== undefined) return dataType;
  throw new InvalidInputError(
    'array',
    `expected a ${Object.keys(DATA_TYPES).join(', ')}, got ${showValue(array)}`,
  );
}

const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get!;

/**
 * The class of a typed array, such as `Float32Array`; undefined for anything else. Unlike `instanceof` it asks the
 * engine, so it is right for arrays from another realm too (a worker, a page's frame, a test runner's context).
 */
export function typedArrayName(value: unknown): string | undefined {
  return typedArrayTag.call(value) as string | undefined;
}

/**
 * A copy of a typed array with its own memory, of the plain class. A subclass may redefine `slice`; in Node's Buffer it
 * returns a view.
 */
export function copyArray<A extends NumericArray>(array: A): A {
  const Numbers = (globalThis as unknown as Record<string, new (source: A) => A>)[typedArrayName(array)!]!;
  return new Numbers(array);
}

/** Whether `value` is a typed array of a kind that can be stored. */
export function isNumericArray(value: unknown): value is NumericArray {
  return Object.hasOwn(DATA_TYPES, typedArrayName(value) ?? '');
}

/** Whether `value` is a Float32Array, from this realm or another. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return typedArrayName(value) === 'Float32Array';
}

/** Whether `value` is a Float64Array, from this realm or another. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return typedArrayName(value) === 'Float64Array';
}

/** The number of elements in an array of this shape; 1 for a scalar's empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
