import { join } from 'node:path';
import {
  allocate,
  DamagedDataError,
  dataTypeOf,
  decodeSafetensors,
  encodeSafetensors,
  InvalidInputError,
  type NumericArray,
  oldestRow,
  type RowLog,
} from '@maxent/core';
import type { RowLogManifest, SegmentRecord } from './checkpoint-manifest.js';
import type { FileOperations } from './file-operations.js';
import { readChecked, readCheckedSync, recordOf } from './stored-file.js';

/** Bounds the memory that writing takes in addition to the log itself. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

const BYTES = { float32: 4, float64: 8, int32: 4, uint32: 4, uint8: 1 } as const;

/**
 * Writes the rows of a log that are not yet in `previous` (the same log at an earlier checkpoint) as new segment files,
 * and returns the manifest of the whole log. Segments are safetensors files, one tensor per column, and never change
 * once written; only rows that can still be read are stored.
 */
export async function writeNewRows(
  directory: string,
  name: string,
  log: RowLog,
  previous: RowLogManifest | undefined,
  files: FileOperations,
): Promise<RowLogManifest> {
  const oldest = oldestRow(log);
  const continues = previous !== undefined && previous.appended <= log.appended && sameLayout(previous, log);
  const segments = continues ? previous.segments.filter(({ to }) => to > oldest) : [];
  const rowBytes = Object.values(log.columns).reduce(
    (sum, { dataType, width }) => sum + BYTES[dataType] * width,
    0,
  );
  const rowsPerSegment = Math.max(1, Math.floor(SEGMENT_BYTES / rowBytes));
  for (let from = Math.max(oldest, segments.at(-1)?.to ?? oldest); from < log.appended; ) {
    const to = Math.min(log.appended, from + rowsPerSegment);
    segments.push(await writeSegment(directory, name, log, from, to, files));
    from = to;
  }
  return { capacity: log.capacity, appended: log.appended, columns: { ...log.columns }, segments };
}

function sameLayout(previous: RowLogManifest, log: RowLog): boolean {
  return (
    previous.capacity === log.capacity && JSON.stringify(previous.columns) === JSON.stringify(log.columns)
  );
}

async function writeSegment(
  directory: string,
  name: string,
  log: RowLog,
  from: number,
  to: number,
  files: FileOperations,
): Promise<SegmentRecord> {
  const columns = Object.entries(log.read(from, to)).map(([column, data]) => {
    const { width } = log.columns[column]!;
    return [column, { shape: [to - from, width], data }] as const;
  });
  const content = encodeSafetensors({ tensors: Object.fromEntries(columns), metadata: {} });
  const record = recordOf(content);
  // The checksum in the name distinguishes two histories of a run (before and after falling back to an older
  // checkpoint).
  const range = `${String(from).padStart(10, '0')}-${String(to).padStart(10, '0')}`;
  const file = `${name.replace(/[^A-Za-z0-9_-]/g, '.')}-${range}-${record.sha256.slice(0, 8)}.safetensors`;
  const temporary = join(directory, `.writing-${file}`);
  await files.writeFile(temporary, content);
  await files.rename(temporary, join(directory, file));
  return { file, from, to, ...record };
}

/**
 * Reads every segment of a log, one at a time. Throws DamagedDataError, which names a segment that is missing, altered
 * or out of place.
 */
export async function verifyRows(directory: string, name: string, manifest: RowLogManifest): Promise<void> {
  assertComplete(name, manifest);
  for (const segment of manifest.segments) {
    decodeSegment(manifest, segment, await readChecked(join(directory, segment.file), segment));
  }
}

/**
 * A stored log that reads rows, and verifies their checksums, only when asked for: reading in order takes the memory of
 * one segment. Its `read` throws DamagedDataError like `verifyRows`.
 */
export function openRows(directory: string, name: string, manifest: RowLogManifest): RowLog {
  assertComplete(name, manifest);
  const { capacity, appended, columns, segments } = manifest;
  let latest: { readonly segment: SegmentRecord; readonly data: Columns } | undefined;
  const dataOf = (segment: SegmentRecord): Columns => {
    if (latest?.segment !== segment) {
      // Releases the previous segment before the next one is read.
      latest = undefined;
      const content = readCheckedSync(join(directory, segment.file), segment);
      latest = { segment, data: decodeSegment(manifest, segment, content) };
    }
    return latest.data;
  };
  const oldest = Math.max(0, appended - capacity);
  const read: RowLog['read'] = (from, to) => {
    if (!(oldest <= from && from <= to && to <= appended)) {
      throw new InvalidInputError(
        'rows',
        `expected a range within [${oldest}, ${appended}], got [${from}, ${to}]`,
      );
    }
    const result = Object.fromEntries(
      Object.entries(columns).map(([column, { dataType, width }]) => [
        column,
        allocate(dataType, (to - from) * width),
      ]),
    );
    for (const segment of segments) {
      const [first, end] = [Math.max(from, segment.from), Math.min(to, segment.to)];
      if (first >= end) continue;
      const data = dataOf(segment);
      for (const [column, { width }] of Object.entries(columns)) {
        const part = data[column]!.subarray((first - segment.from) * width, (end - segment.from) * width);
        result[column]!.set(part, (first - from) * width);
      }
    }
    return result;
  };
  return { columns, capacity, appended, read };
}

type Columns = Readonly<Record<string, NumericArray>>;

/** Throws DamagedDataError unless the segments, in order, hold every row that can be read. */
function assertComplete(name: string, { capacity, appended, segments }: RowLogManifest): void {
  let next = Math.max(0, appended - capacity);
  for (const { from, to } of segments) {
    if (from > next || to <= next)
      throw new DamagedDataError(`rows ${next} to ${from} of "${name}" are in no segment`);
    next = to;
  }
  if (next !== appended)
    throw new DamagedDataError(`rows ${next} to ${appended} of "${name}" are in no segment`);
}

function decodeSegment({ columns }: RowLogManifest, segment: SegmentRecord, content: Buffer): Columns {
  const { tensors } = decodeSafetensors(content);
  return Object.fromEntries(
    Object.entries(columns).map(([column, { dataType, width }]) => {
      const stored = tensors[column]?.data;
      if (stored?.length !== (segment.to - segment.from) * width || dataTypeOf(stored) !== dataType) {
        throw new DamagedDataError(`${segment.file}: column "${column}" is not what the manifest says`);
      }
      return [column, stored];
    }),
  );
}
