import { InvalidInputError } from '@maxent/core';
import type { FactorGraph } from './factor-graph.js';
import { entryCount } from './log-table.js';

export interface MemoryOptions {
  /**
   * The most bytes that tables may take at once; default 2 ** 30. Anything that needs more is refused before it starts.
   */
  readonly memoryLimit?: number;
}

const DEFAULT_MEMORY_LIMIT = 2 ** 30;
const NAMES_SHOWN = 8;

export function memoryLimitOf({ memoryLimit = DEFAULT_MEMORY_LIMIT }: MemoryOptions): number {
  if (!(memoryLimit > 0)) {
    throw new InvalidInputError('memoryLimit', `expected a number of bytes above 0, got ${memoryLimit}`);
  }
  return memoryLimit;
}

/** Returns the error for one table over `variables` that alone needs more than `limit` bytes. */
export function tableTooLarge(
  graph: FactorGraph,
  variables: readonly number[],
  limit: number,
  field = 'factors',
): InvalidInputError {
  return new InvalidInputError(
    field,
    `expected tables of at most ${bytesText(Math.log10(limit))}, got ${tableText(graph, variables)}. ${REMEDY}`,
  );
}

/** The tables that a computation holds at once. */
export interface TableNeed {
  /** The size of all tables together, when it is largest. */
  readonly bytes: number;
  /** The variables of the largest table. */
  readonly largest: readonly number[];
}

/** Returns the error for tables that need more than `limit` bytes together. */
export function tablesTooLarge(
  graph: FactorGraph,
  { bytes, largest }: TableNeed,
  limit: number,
): InvalidInputError {
  return new InvalidInputError(
    'factors',
    `expected tables of at most ${bytesText(Math.log10(limit))}, got ${bytesText(Math.log10(bytes))} together; ` +
      `the largest is ${tableText(graph, largest)}. ${REMEDY}`,
  );
}

/** Throws InvalidInputError with `field` if the answer alone needs more than `memoryLimit` bytes. */
export function requireAnswerFits(
  graph: FactorGraph,
  variables: readonly number[],
  memoryLimit: number,
  field: string,
): void {
  if (entryCount(variables, graph.stateCounts) * Float64Array.BYTES_PER_ELEMENT > memoryLimit) {
    throw tableTooLarge(graph, variables, memoryLimit, field);
  }
}

const REMEDY = 'Observe some of the variables, raise memoryLimit, or use loopy belief propagation.';

function tableText(graph: FactorGraph, variables: readonly number[]): string {
  const names = variables.slice(0, NAMES_SHOWN).map((variable) => graph.variableNames[variable]);
  if (variables.length > NAMES_SHOWN) names.push('...');
  const logEntries = variables.reduce((sum, variable) => sum + Math.log10(graph.stateCounts[variable]!), 0);
  const entries = variables.reduce((product, variable) => product * graph.stateCounts[variable]!, 1);
  const entriesText = entries <= Number.MAX_SAFE_INTEGER ? `${entries}` : powerText(logEntries);
  const plural = variables.length === 1 ? '' : 's';
  return (
    `a table over ${variables.length} variable${plural} (${names.join(', ')}) ` +
    `of ${entriesText} entries, ${bytesText(logEntries + Math.log10(8))}`
  );
}

function bytesText(logBytes: number): string {
  if (logBytes > 24) return `${powerText(logBytes)} bytes`;
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB'];
  const exponent = Math.max(0, Math.floor(logBytes / Math.log10(1024) + 1e-12));
  const amount = 10 ** logBytes / 1024 ** exponent;
  return `${Number(amount.toPrecision(4))} ${units[exponent]}`;
}

function powerText(log: number): string {
  return `about 10^${Math.round(log)}`;
}
