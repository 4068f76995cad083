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

  /** Keeps the first `count` rows, and of these none newer than `step` in case older ones were lost. */
  async rewind(step: number, count: number): Promise<void> {
    let bytes = 0;
    for (const { row, line } of completeLines(await readFile(this.path, 'utf8')).slice(0, count)) {
      if (row.step > step) break;
      bytes += Buffer.byteLength(line) + 1;
    }
    await this.handle.truncate(bytes);
    await this.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** The rows of a run, oldest first; none when nothing was logged yet. */
export async function readMetrics(path: string): Promise<RunRow[]> {
  try {
    return completeLines(await readFile(path, 'utf8')).map(({ row }) => row);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A last line without its end was being written when the process stopped, and is left out. */
function completeLines(text: string): { row: RunRow; line: string }[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => {
    try {
      return { line, row: JSON.parse(line) as RunRow };
    } catch (cause) {
      throw new DamagedDataError(`metrics.jsonl: line ${i + 1} is not JSON`, { cause });
    }
  });
}
