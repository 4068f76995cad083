import type { FuzzOutcome } from './document.js';

/** Limit on resident memory for any document: the budget of an answer, plus what Node and the libraries hold. */
export const MEMORY_LIMIT = 1.75 * 2 ** 30;

/** Words of errors that were not written for a reader. */
const LEAKED =
  /Invalid (typed )?(array|string) length|allocation failed|Maximum call stack|is not a function|is not iterable|Cannot (read|set|convert|create)|\[object|\bis NaN\b|\bgot NaN\b|(?<![\w"'.])undefined(?![\w"'.])|Invalid input|Too (small|big):|\n {4}at /;

/** What is wrong with the outcome of a `--json` command line, or undefined. */
export function fault({ exitCode, out, err, memory }: FuzzOutcome): string | undefined {
  if (![0, 1, 2].includes(exitCode)) return `exit code ${exitCode}`;
  if (memory > MEMORY_LIMIT) return `${Math.round(memory / 2 ** 20)} MiB of memory`;
  if (exitCode === 0) return answerFault(out);
  let error: { code: string; field?: string; message: string };
  try {
    error = JSON.parse(out).error;
  } catch {
    return `standard output is not one JSON document: ${out.slice(0, 200)}`;
  }
  if (error.code === 'INTERNAL') return `INTERNAL: ${error.message}`;
  if (error.code === 'INVALID_INPUT' && !error.field) return `no field: ${error.message}`;
  if (error.message.length > 2000) return `a message of ${error.message.length} characters`;
  const leaked = LEAKED.exec(`${error.message}\n${err}`);
  return leaked === null ? undefined : `"${leaked[0].trim()}" in: ${error.message}`;
}

/** Tables of an answer in which the last axis is a distribution, or all zeros if nothing is possible. */
const DISTRIBUTIONS = ['filtered', 'predicted', 'smoothed', 'policy', 'stateMarginals'];

function answerFault(out: string): string | undefined {
  let answer: Record<string, unknown>;
  try {
    answer = JSON.parse(out);
  } catch {
    // The worker cuts a long answer.
    return out.length >= 2_000_000 ? undefined : `the answer is not JSON: ${out.slice(0, 200)}`;
  }
  for (const name of DISTRIBUTIONS) {
    const row = badRow(answer[name]);
    if (row !== undefined) return `${name} holds ${JSON.stringify(row).slice(0, 200)}`;
  }
  const marginals = answer.marginals as { values: unknown }[] | null | undefined;
  for (const { values } of marginals ?? []) {
    const flat = [values].flat(Infinity) as number[];
    if (!sumsToOne(flat)) return `a marginal is ${JSON.stringify(flat).slice(0, 200)}`;
  }
  if (typeof answer.kl === 'number' && answer.kl < 0) return `kl is ${answer.kl}`;
  return undefined;
}

function badRow(table: unknown): unknown {
  if (!Array.isArray(table)) return undefined;
  if (table.every((item) => !Array.isArray(item))) {
    return sumsToOne(table) || table.every((item) => item === 0) ? undefined : table;
  }
  for (const row of table) {
    const bad = badRow(row);
    if (bad !== undefined) return bad;
  }
  return undefined;
}

function sumsToOne(values: readonly unknown[]): boolean {
  let sum = 0;
  for (const value of values) {
    if (typeof value !== 'number' || value < 0) return false;
    sum += value;
  }
  return Math.abs(sum - 1) < 1e-6;
}
