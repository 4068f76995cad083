import type { ReproduceAnswer } from '../answers/reproduce.js';
import { formatColumns } from './columns.js';
import { formatValue } from './format-number.js';
import { formatTable } from './table.js';

/** The answer of `maxent reproduce` for people: the claim, the numbers, and whether they bear it out. */
export function formatReproduceAnswer(answer: ReproduceAnswer): string {
  const { claim, units, table, checks, pictures, directory } = answer;
  const missing = units.filter(({ seconds }) => seconds === null).map(({ name }) => name);
  const parts = [claim];
  if (missing.length > 0) {
    parts.push(
      `${units.length - missing.length} of ${units.length} units have run; missing: ${missing.join(', ')}`,
    );
  }
  if (table.length > 0) {
    const columns = Object.keys(table[0]!);
    const cells = table.map((row) => columns.map((column) => formatCell(row[column]!)));
    parts.push(formatTable([columns, ...cells]));
  }
  if (checks.length > 0) {
    const rows = checks.map(
      ({ name, value, limit, must, holds }) =>
        [holds ? 'holds' : 'FAILS', `${name}: ${formatCell(value)}, must ${must} ${limit}`] as const,
    );
    parts.push(formatColumns(rows));
  }
  parts.push([...pictures.map((picture) => `Picture: ${picture}`), `Results: ${directory}`].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function formatCell(value: string | number): string {
  return typeof value === 'number' && !Number.isInteger(value) ? formatValue(value) : `${value}`;
}
