import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunRow } from '../../run-storage.js';
import type { AppendFile, FileOperations } from '../file-operations.js';
import { replaceFile } from '../replace-file.js';
import { readStored } from '../stored-file.js';
import { encodeEventRecord, type TensorBoardEvent } from './event-encoding.js';

const PREFIX = 'events.out.tfevents.';

/** Largest number of seconds since 1970 whose ten digits keep TensorBoard's order of names: the year 2286. */
const LATEST = 9_999_999_999;

/** A TensorBoard event file in a run's directory, one per session of the run. */
export class EventLog {
  private constructor(private readonly file: AppendFile) {}

  /**
   * Starts a new event file. With `resumedAt`, TensorBoard ignores older files from that step on, so rows of that step
   * have to be appended again. TensorBoard reads the files of a directory in the order of their names, which begin with
   * the time.
   */
  static async create(directory: string, files: FileOperations, resumedAt?: number): Promise<EventLog> {
    const seconds = Math.floor(Date.now() / 1000);
    const newest = (await filesIn(directory)).at(-1);
    const time = newest === undefined ? seconds : Math.max(seconds, newest.time + 1);
    const name = `${PREFIX}${time}.${hostname()}.${process.pid}.maxent`;
    const log = new EventLog(await files.openToAppend(join(directory, name), { fresh: true }));
    try {
      await log.write({ wallTime: seconds, step: 0, content: { kind: 'fileVersion' } });
      if (resumedAt !== undefined) {
        await log.write({ wallTime: seconds, step: resumedAt, content: { kind: 'sessionStart' } });
      }
    } catch (error) {
      await log.close();
      throw error;
    }
    return log;
  }

  /**
   * Replaces the newest file of a directory with a copy: a process that has lost the run without knowing it still has
   * the old one open.
   */
  static async detach(directory: string, files: FileOperations): Promise<void> {
    const newest = (await filesIn(directory)).filter(({ plain }) => plain).at(-1);
    if (newest === undefined) return;
    const path = join(directory, newest.name);
    await replaceFile(path, await readStored(path), files);
  }

  async append(rows: readonly RunRow[]): Promise<void> {
    const wallTime = Date.now() / 1000;
    await this.write(
      ...rows.map((row): TensorBoardEvent => {
        return { wallTime, step: row.step, content: { kind: 'scalars', scalars: scalarsOf(row) } };
      }),
    );
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async write(...events: readonly TensorBoardEvent[]): Promise<void> {
    await this.file.append(Buffer.concat(events.map(encodeEventRecord)));
  }
}

interface EventFile {
  readonly name: string;
  readonly time: number;
  /** Whether it is a plain file, not a link or folder of that name. */
  readonly plain: boolean;
}

/** The event files of a directory, oldest first; ignores names that no session wrote. */
async function filesIn(directory: string): Promise<EventFile[]> {
  return (await readdir(directory, { withFileTypes: true }))
    .filter(({ name }) => name.startsWith(PREFIX))
    .map((entry) => ({
      name: entry.name,
      time: Number.parseInt(entry.name.slice(PREFIX.length), 10),
      plain: entry.isFile(),
    }))
    .filter(({ time }) => time <= LATEST)
    .sort((a, b) => a.time - b.time);
}

function scalarsOf(row: RunRow): Record<string, number> {
  switch (row.type) {
    case 'metrics':
      return {
        ...Object.fromEntries(Object.entries(row.values).map(([name, value]) => [`train/${name}`, value])),
        'train/updates': row.updates,
        'time/stepsPerSecond': row.stepsPerSecond,
      };
    case 'episode':
      return { 'episode/return': row.return, 'episode/length': row.length };
    case 'evaluation':
      return { 'evaluation/returnMean': row.returnMean, 'evaluation/returnStd': row.returnStd };
    case 'warning':
      return {};
  }
}
