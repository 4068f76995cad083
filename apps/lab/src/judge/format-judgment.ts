import type { Table } from '../experiments/experiment.js';
import type { JudgeAnswer, Judgment } from './judge-experiment.js';

/** The answer of `lab judge` for people: the claim, the numbers, and whether they bear it out. */
export function formatJudgment(answer: JudgeAnswer): string {
  const { claim, missing, table, furtherTables = {}, checks, notes, files } = answer;
  const parts = [claim];
  parts.push(...formatMissing(missing));
  if (table.length > 0) parts.push(aligned(cellsOf(table)));
  for (const [title, further] of Object.entries(furtherTables)) {
    parts.push(`${title}\n${aligned(cellsOf(further))}`);
  }
  if (checks.length > 0) parts.push(checks.map(formatCheck).join('\n'));
  if (notes.length > 0) parts.push(notes.join('\n'));
  if (files.length > 0) parts.push(files.join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** The same as a Markdown page, to be stored next to the results. */
export function formatTable({
  name,
  claim,
  holds,
  checks,
  missing,
  table,
  furtherTables = {},
  notes,
}: Judgment): string {
  const verdict = holds === null ? 'Nothing is judged.' : holds ? 'Holds.' : 'Fails.';
  const parts = [
    `# ${name}`,
    claim,
    verdict,
    ...formatMissing(missing),
    ...(checks.length > 0 ? [checks.map((check) => `- ${formatCheck(check)}`).join('\n')] : []),
    markdownOf(table),
    ...Object.entries(furtherTables).flatMap(([title, further]) => [`## ${title}`, markdownOf(further)]),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
    `Written by \`pnpm -s lab judge ${name}\`.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const formatMissing = (missing: readonly string[]): string[] =>
  missing.length > 0 ? [`Not there yet: ${missing.join(', ')}`] : [];

/** Its columns, then its rows. */
function cellsOf(table: Table): [string[], ...string[][]] {
  const columns = Object.keys(table[0]!);
  return [columns, ...table.map((row) => columns.map((column) => formatCell(row[column]!)))];
}

function markdownOf(table: Table): string {
  const [columns, ...rows] = cellsOf(table);
  const lines = [columns, columns.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function formatCheck({ name, value, limit, must, holds }: JudgeAnswer['checks'][number]): string {
  return `${holds ? 'holds' : 'FAILS'}: ${name}: ${formatCell(value)}, must ${must} ${formatCell(limit)}`;
}

/** About four significant digits. */
function formatCell(value: string | number): string {
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : `${value}`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
    .join('\n');
}
