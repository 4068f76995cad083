import { displayWidth, padEnd, padStart } from './display-width.js';

/** Rows of aligned columns, the first of them flush left; the first row is the head. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column]!))));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? padEnd(cell, widths[column]!) : padStart(cell, widths[column]!),
        )
        .join('  '),
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}
