import { InvalidInputError } from './errors.js';
import {
  requireCount,
  requireLength,
  requireNumbers,
  requireObject,
  requireTypedNumbers,
} from './validation.js';

/**
 * A sparse matrix stored row by row (compressed sparse rows). Row r holds entries i = rowOffsets[r] ..
 * rowOffsets[r + 1] - 1: `values[i]` in column `columns[i]`. Columns rise strictly within a row.
 */
export interface SparseRows {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Where each row starts in `columns` and `values`, followed by the number of entries; [rows + 1]. */
  readonly rowOffsets: Uint32Array;
  /** [entries] */
  readonly columns: Uint32Array;
  /** [entries] */
  readonly values: Float64Array;
}

/** The non-zero entries of a dense matrix [rowCount, columnCount], in row-major order. */
export function sparseRowsOf(dense: Float64Array, rowCount: number, columnCount: number): SparseRows {
  requireLength('dense', dense, rowCount * columnCount);
  const rowOffsets = new Uint32Array(rowCount + 1);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    for (let i = row * columnCount; i < (row + 1) * columnCount; i++) if (dense[i] !== 0) count++;
    rowOffsets[row + 1] = count;
  }
  const columns = new Uint32Array(count);
  const values = new Float64Array(count);
  let entry = 0;
  dense.forEach((value, i) => {
    if (value === 0) return;
    columns[entry] = i % columnCount;
    values[entry++] = value;
  });
  return { rowCount, columnCount, rowOffsets, columns, values };
}

/** The dense matrix, row-major, [rowCount, columnCount]. */
export function denseOf({ rowCount, columnCount, rowOffsets, columns, values }: SparseRows): Float64Array {
  const dense = new Float64Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
      dense[row * columnCount + columns[i]!] = values[i]!;
    }
  }
  return dense;
}

/** Throws InvalidInputError unless the arrays are consistent and describe `rowCount` by `columnCount` entries. */
export function requireSparseRows(
  field: string,
  matrix: SparseRows,
  rowCount: number,
  columnCount: number,
): void {
  requireObject(field, matrix, 'sparseRowsOf(dense, rowCount, columnCount)');
  requireCount(`${field}.rowCount`, matrix.rowCount);
  requireCount(`${field}.columnCount`, matrix.columnCount);
  if (matrix.rowCount !== rowCount || matrix.columnCount !== columnCount) {
    throw new InvalidInputError(
      field,
      `expected ${rowCount} rows of ${columnCount} columns, got ${matrix.rowCount} of ${matrix.columnCount}`,
    );
  }
  const { rowOffsets, columns, values } = matrix;
  requireLength(`${field}.rowOffsets`, rowOffsets, rowCount + 1);
  requireNumbers(`${field}.columns`, columns);
  requireTypedNumbers(`${field}.values`, values);
  requireLength(`${field}.values`, values, columns.length);
  if (rowOffsets[0] !== 0 || rowOffsets[rowCount] !== columns.length) {
    throw new InvalidInputError(
      `${field}.rowOffsets`,
      `expected offsets from 0 to the number of entries, ${columns.length}, got ${rowOffsets[0]} to ${rowOffsets[rowCount]}`,
    );
  }
  for (let row = 0; row < rowCount; row++) {
    const start = rowOffsets[row]!;
    const end = rowOffsets[row + 1]!;
    if (end < start || end > columns.length) {
      throw new InvalidInputError(
        `${field}.rowOffsets[${row + 1}]`,
        `expected between ${start} and ${columns.length}, got ${end}`,
      );
    }
    for (let i = start; i < end; i++) {
      const column = columns[i]!;
      if (column >= columnCount || (i > start && column <= columns[i - 1]!)) {
        throw new InvalidInputError(
          `${field}.columns[${i}]`,
          `expected columns below ${columnCount} that rise within a row, got ${column}`,
        );
      }
    }
  }
}
