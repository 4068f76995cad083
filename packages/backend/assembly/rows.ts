// Picks rows out of a matrix, and adds them back.
import { at, loadUpTo4, storeUpTo4 } from './vector';

/** Writes the numbers (int32) of the rows that are not all zero, in order, and returns how many there are. */
export function nonzeroRows(matrix: usize, numbers: usize, rows: i32, columns: i32): i32 {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // This holds for NaN too.
      if (load<f32>(matrix + at(column)) != 0) {
        store<i32>(numbers + at(count++), row);
        break;
      }
    }
    matrix += at(columns);
  }
  return count;
}

/** out[i] = matrix[numbers[i]], row by row. */
export function gatherRows(matrix: usize, numbers: usize, out: usize, count: i32, columns: i32): void {
  for (let i = 0; i < count; i++) {
    memory.copy(out, matrix + at(load<i32>(numbers + at(i)) * columns), at(columns));
    out += at(columns);
  }
}

/** matrix[numbers[i]] += rows[i], row by row. */
export function addToRows(rows: usize, numbers: usize, matrix: usize, count: i32, columns: i32): void {
  for (let i = 0; i < count; i++) {
    const row = matrix + at(load<i32>(numbers + at(i)) * columns);
    for (let column = 0; column < columns; column += 4) {
      const lanes = columns - column;
      const sum = f32x4.add(loadUpTo4(row + at(column), lanes), loadUpTo4(rows + at(column), lanes));
      storeUpTo4(row + at(column), sum, lanes);
    }
    rows += at(columns);
  }
}

/**
 * Copies a block of rows x columns, each row `repeats` times; consecutive rows are `sourceStride` and `outStride` elements
 * apart.
 */
export function copyBlock(
  source: usize, out: usize, rows: i32, columns: i32, repeats: i32, sourceStride: i32, outStride: i32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let column = 0; column < columns; column += 4) {
        const lanes = columns - column;
        storeUpTo4(out + at(column), loadUpTo4(source + at(column), lanes), lanes);
      }
      out += at(outStride);
    }
    source += at(sourceStride);
  }
}
