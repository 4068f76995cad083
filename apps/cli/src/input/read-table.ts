import { InvalidInputError } from '@maxent/core';

/** Numbers nested as in JSON; infinities are strings, and null stands for a missing value. */
export type NestedNumbers = number | 'Infinity' | '-Infinity' | null | readonly NestedNumbers[];

/**
 * The numbers of nested arrays of the given shape in row-major order. A missing number or array becomes NaN. Throws
 * InvalidInputError, which names an array with a length that does not match `shape` at its depth.
 */
export function readTable(value: NestedNumbers, shape: readonly number[], path: string): Float64Array {
  const numbers = new Float64Array(shape.reduce((product, size) => product * size, 1));
  const indices: number[] = [];
  const fault = (problem: string): InvalidInputError =>
    new InvalidInputError(`${path}${indices.map((index) => `[${index}]`).join('')}`, problem);
  const read = (part: NestedNumbers, start: number, length: number): void => {
    const depth = indices.length;
    if (part === null) {
      numbers.fill(Number.NaN, start, start + length);
    } else if (depth === shape.length) {
      if (typeof part === 'object') throw fault('expected a number, got an array');
      numbers[start] = Number(part);
    } else {
      const size = shape[depth]!;
      if (typeof part !== 'object') throw fault(`expected an array of ${size}, got ${part}`);
      if (part.length !== size) throw fault(`expected ${size} entries, got ${part.length}`);
      const stride = length / size;
      for (let i = 0; i < size; i++) {
        indices.push(i);
        read(part[i]!, start + i * stride, stride);
        indices.pop();
      }
    }
  };
  read(value, 0, numbers.length);
  return numbers;
}
