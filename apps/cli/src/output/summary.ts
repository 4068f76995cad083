import { formatNumber } from '@maxent/training/report';
import { formatColumns } from './columns.js';
import { formatTable } from './table.js';

/** The part of an answer that people see first. */
export interface Summary {
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The first rows of the result, after a head row. */
  readonly table: readonly (readonly string[])[];
  /** Number of rows that the table leaves out. */
  readonly more: number;
}

const MOST_ROWS = 20;
const MOST_COLUMNS = 8;

export function formatSummary({ facts, table, more }: Summary): string {
  const parts = [formatColumns(facts, '')];
  if (table.length > 1) parts.push(formatTable(table));
  const rest = more > 0 ? `  ... ${more} more; --json shows everything\n` : '';
  return `${parts.join('\n\n')}\n${rest}`;
}

/** The first of `count` rows below a head. */
export function summaryRows(
  head: readonly string[],
  count: number,
  rowOf: (index: number) => readonly string[],
): Pick<Summary, 'table' | 'more'> {
  const rows = Array.from({ length: Math.min(count, MOST_ROWS) }, (_, index) => rowOf(index));
  return { table: [head, ...rows], more: Math.max(0, count - MOST_ROWS) };
}

/** One cell for each of the first of `count` columns. */
export function summaryCells(count: number, cellOf: (index: number) => string): string[] {
  return Array.from({ length: Math.min(count, MOST_COLUMNS) }, (_, index) => cellOf(index));
}

/** A number as summaries show it. */
export const shownNumber = formatNumber;
