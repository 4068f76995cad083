import { join } from 'node:path';
import { printable } from '@maxent/core';
import type { RewoundRows, RunRow } from '../run-storage.js';
import type { AppendFile, FileOperations } from './file-operations.js';
import { type ParsedRow, parseRow } from './parse-row.js';
import { replaceFile } from './replace-file.js';
import { assertPlainFileOrNone, MAXIMUM_TEXT_BYTES, readStoredIfThere } from './stored-file.js';

/** The file's name in a run directory. */
const METRICS = 'metrics.jsonl';

/** `metrics.jsonl`: one row per line. */
export class MetricsLog {
  private constructor(
    private readonly path: string,
    private file: AppendFile,
    private readonly files: FileOperations,
  ) {}

  static async open(directory: string, files: FileOperations): Promise<MetricsLog> {
    const path = join(directory, METRICS);
    await assertPlainFileOrNone(path);
    return new MetricsLog(path, await files.openToAppend(path), files);
  }

  async append(rows: readonly RunRow[]): Promise<void> {
    await this.file.append(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  /** Returns once everything appended is on disk. */
  async sync(): Promise<void> {
    await this.file.sync();
  }

  /**
   * Keeps the first `count` lines, except any newer than `step` in case older ones were lost, and drops the rest. A
   * damaged line is kept as it is and counted. Also returns the rows that are kept.
   *
   * Replaces the file with a new one: a process that has lost the run without knowing it still has the old one open.
   */
  async rewind(step: number, count: number): Promise<RewoundRows & { readonly kept: readonly RunRow[] }> {
    const content = (await readStoredIfThere(this.path)) ?? Buffer.alloc(0);
    const lines = [...completeLines(content)]
      .slice(0, count)
      .map(({ text, end }) => ({ ...parseRow(text), end }));
    // Searches from the end, so that one damaged step among older rows does not drop the rows after it.
    while ((lines.at(-1)?.row?.step ?? -1) > step) lines.pop();
    const bytes = lines.at(-1)?.end ?? 0;
    await this.file.close();
    try {
      await replaceFile(this.path, content.subarray(0, bytes), this.files);
    } finally {
      this.file = await this.files.openToAppend(this.path);
    }
    const warnings = damageIn(this.path, lines);
    if (lines.length < count) {
      warnings.unshift(
        `"${this.path}" holds ${lines.length} of the ${count} rows that the run had at step ${step}: the others are ` +
          'missing from reports and curves, but training does not need them',
      );
    }
    return { rows: lines.length, warnings, kept: rowsOf(lines) };
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

export interface StoredRows {
  /** Oldest first. */
  readonly rows: readonly RunRow[];
  /** Says which rows are damaged, if any. */
  readonly warnings: readonly string[];
}

/** The rows of a run, without damaged ones; none if nothing has been logged yet. */
export async function readMetrics(directory: string): Promise<StoredRows> {
  const path = join(directory, METRICS);
  const content = (await readStoredIfThere(path)) ?? Buffer.alloc(0);
  const lines = [...completeLines(content)].map(({ text }) => parseRow(text));
  return { rows: rowsOf(lines), warnings: damageIn(path, lines) };
}

function rowsOf(lines: readonly ParsedRow[]): RunRow[] {
  return lines.flatMap(({ row }) => (row === undefined ? [] : [row]));
}

/** One sentence about all damaged lines. */
function damageIn(path: string, lines: readonly ParsedRow[]): string[] {
  const damaged = lines.flatMap(({ problem }, i) =>
    problem === undefined ? [] : [`line ${i + 1} (${problem})`],
  );
  if (damaged.length === 0) return [];
  const number =
    damaged.length === 1 ? 'one damaged line, which is' : `${damaged.length} damaged lines, which are`;
  return [
    printable(`"${path}" has ${number} left out: ${damaged.length === 1 ? '' : 'first '}${damaged[0]}`),
  ];
}

const LINE_FEED = 10;

/**
 * The lines of a file and where each one ends. A last line without a line end was never written in full and is left
 * out.
 */
function* completeLines(content: Buffer): Generator<{ text: string; end: number }> {
  let start = 0;
  for (let at = content.indexOf(LINE_FEED); at >= 0; at = content.indexOf(LINE_FEED, start)) {
    // Damage that joins lines can make a line longer than a string may be; no row is that long.
    const text = at - start > MAXIMUM_TEXT_BYTES ? '' : content.toString('utf8', start, at);
    yield { text, end: at + 1 };
    start = at + 1;
  }
}
