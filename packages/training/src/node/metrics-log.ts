import { type FileHandle, open, readFile } from 'node:fs/promises';
import { DamagedDataError } from '@maxent/core';
import type { RunRow } from '../run-storage.js';
import { systemErrorCode } from './file-operations.js';

/** `metrics.jsonl`: one row per line. */
export class MetricsLog {
  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  static async open(path: string): Promise<MetricsLog> {
    return new MetricsLog(path, await open(path, 'a'));
  }

  async append(rows: readonly RunRow[]): Promise<void> {
    await this.handle.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  /** Returns once everything appended is on the disk. */
  async sync(): Promise<void> {
    await this.handle.datasync();
  }

  /**
   * Keeps the first `count` rows, and of these none newer than `step` in case older ones were lost; returns what is
   * kept. What follows is dropped unread. Throws DamagedDataError that names a line to be kept which is not a row.
   */
  async rewind(step: number, count: number): Promise<RunRow[]> {
    const kept: RunRow[] = [];
    let bytes = 0;
    for (const { text, end } of completeLines(await readFile(this.path))) {
      if (kept.length === count) break;
      const row = parseRow(text);
      if (row === undefined) {
        throw new DamagedDataError(
          `"${this.path}": line ${kept.length + 1} is not a row of metrics, and the checkpoint of step ${step} counts ` +
            `on ${count} rows. Restore the file from a copy, or delete it to go on without the rows up to here.`,
        );
      }
      if (row.step > step) break;
      kept.push(row);
      bytes = end;
    }
    await this.handle.truncate(bytes);
    await this.sync();
    return kept;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

export interface StoredRows {
  /** Oldest first. */
  readonly rows: readonly RunRow[];
  /** Says which rows are missing, when some are. */
  readonly warnings: readonly string[];
}

/**
 * The rows of a run up to the first line that cannot be read, which is what a loss of power may leave at the end;
 * none when nothing was logged yet.
 */
export async function readMetrics(path: string): Promise<StoredRows> {
  const rows: RunRow[] = [];
  for (const { text } of completeLines(await readIfThere(path))) {
    const row = parseRow(text);
    if (row === undefined) {
      const warning = `"${path}": line ${rows.length + 1} is damaged; it and all that follow are left out`;
      return { rows, warnings: [warning] };
    }
    rows.push(row);
  }
  return { rows, warnings: [] };
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

const LINE_FEED = 10;

/** The lines of a file and where each ends. A last line without its end was never written in full: it is left out. */
function* completeLines(content: Buffer): Generator<{ text: string; end: number }> {
  let start = 0;
  for (let at = content.indexOf(LINE_FEED); at >= 0; at = content.indexOf(LINE_FEED, start)) {
    yield { text: content.toString('utf8', start, at), end: at + 1 };
    start = at + 1;
  }
}

function parseRow(line: string): RunRow | undefined {
  try {
    const row = JSON.parse(line) as Partial<RunRow> | null;
    return typeof row?.step === 'number' ? (row as RunRow) : undefined;
  } catch {
    return undefined;
  }
}
