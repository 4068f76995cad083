import { allocate, copyArray, type DataType, dataTypeOf, type NumericArray } from './arrays.js';
import { InvalidInputError, SnapshotMismatchError } from './errors.js';
import { isRecord } from './is-record.js';
import type { JsonObject } from './json.js';
import { showValue } from './show-value.js';

/** A typed array with its shape. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: NumericArray;
}

export interface RowColumn {
  readonly dataType: DataType;
  /** The number of elements per row. */
  readonly width: number;
}

/**
 * Rows that are appended and never changed, such as an experience replay; only the newest `capacity` are kept. Storage
 * can therefore keep the rows it wrote for one checkpoint and add only the newer ones for the next.
 */
export interface RowLog {
  readonly columns: Readonly<Record<string, RowColumn>>;
  readonly capacity: number;
  /** How many rows were ever appended; rows `max(0, appended - capacity)` to `appended - 1` can be read. */
  readonly appended: number;
  /** A copy of rows `from` to `to - 1` (counted from the first ever appended), one array per column. */
  read(from: number, to: number): Record<string, NumericArray>;
}

/**
 * The complete state of an agent, environment or learner: everything `load` needs to continue with bit-identical
 * numbers. `rows` may be live views of the object that made the snapshot, valid until that object changes;
 * `copySnapshot` makes a lasting copy.
 */
export interface Snapshot {
  readonly arrays: Readonly<Record<string, ShapedArray>>;
  readonly rows?: Readonly<Record<string, RowLog>>;
  readonly metadata: JsonObject;
}

/** The first row of a log that can still be read. */
export function oldestRow(log: RowLog): number {
  return Math.max(0, log.appended - log.capacity);
}

/** A snapshot that shares no memory with its source. */
export function copySnapshot(snapshot: Snapshot): Snapshot {
  const arrays = Object.fromEntries(
    Object.entries(snapshot.arrays).map(([name, { shape, data }]) => [
      name,
      { shape, data: copyArray(data) },
    ]),
  );
  const rows = Object.fromEntries(
    Object.entries(snapshot.rows ?? {}).map(([name, log]) => [name, copyRowLog(log)]),
  );
  return { arrays, rows, metadata: structuredClone(snapshot.metadata) };
}

function copyRowLog(log: RowLog): RowLog {
  const oldest = oldestRow(log);
  return rowLogOf(log.columns, log.capacity, log.appended, log.read(oldest, log.appended));
}

/**
 * A RowLog over arrays that hold rows `max(0, appended - capacity)` to `appended - 1`. Its `read` throws
 * InvalidInputError for rows that it does not hold.
 */
export function rowLogOf(
  columns: RowLog['columns'],
  capacity: number,
  appended: number,
  data: Readonly<Record<string, NumericArray>>,
): RowLog {
  const oldest = Math.max(0, appended - capacity);
  return {
    columns,
    capacity,
    appended,
    read: (from, to) => {
      if (!(oldest <= from && from <= to && to <= appended)) {
        throw new InvalidInputError(
          'rows',
          `expected a range within [${oldest}, ${appended}], got [${from}, ${to}]`,
        );
      }
      return Object.fromEntries(
        Object.entries(columns).map(([name, { width }]) => [
          name,
          data[name]!.slice((from - oldest) * width, (to - oldest) * width),
        ]),
      );
    },
  };
}

/** An empty log with the same columns and capacity. */
export function emptyRowLog({ columns, capacity }: Pick<RowLog, 'columns' | 'capacity'>): RowLog {
  const none = Object.entries(columns).map(([name, { dataType }]) => [name, allocate(dataType, 0)] as const);
  return rowLogOf(columns, capacity, 0, Object.fromEntries(none));
}

/**
 * The same snapshot without the rows of its logs, which acting does not need. It loads like the whole one; learning
 * would start again with no experience.
 */
export function withoutRows({ arrays, rows = {}, metadata }: Snapshot): Snapshot {
  const empty = Object.entries(rows).map(([name, log]) => [name, emptyRowLog(log)] as const);
  return { arrays, rows: Object.fromEntries(empty), metadata };
}

/** A third party's environment or agent may return something that is not a snapshot. */
function requireSnapshot(name: string, part: unknown): void {
  const { arrays, metadata } = (part ?? {}) as Partial<Snapshot>;
  if (isRecord(arrays) && isRecord(metadata)) return;
  throw new InvalidInputError(name, `expected a snapshot { arrays, metadata }, got ${showValue(part)}`);
}

/**
 * Combines several snapshots into one, each under its name; `splitSnapshot` takes them apart. Throws InvalidInputError
 * for a name with a slash, because a slash separates names from their contents, and for a part that is not a snapshot.
 */
export function joinSnapshots(parts: Readonly<Record<string, Snapshot>>): Snapshot {
  const arrays: Record<string, ShapedArray> = {};
  const rows: Record<string, RowLog> = {};
  const metadata: Record<string, JsonObject> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (name.includes('/'))
      throw new InvalidInputError('parts', `expected names without a slash, got "${name}"`);
    requireSnapshot(name, part);
    for (const [key, array] of Object.entries(part.arrays)) arrays[`${name}/${key}`] = array;
    for (const [key, log] of Object.entries(part.rows ?? {})) rows[`${name}/${key}`] = log;
    metadata[name] = part.metadata;
  }
  return { arrays, rows, metadata };
}

/**
 * The part that `joinSnapshots` stored under `name`, or undefined if there is none. Throws SnapshotMismatchError if
 * what is stored there is not such a part.
 */
export function splitSnapshot(snapshot: Snapshot, name: string): Snapshot | undefined {
  if (!Object.hasOwn(snapshot.metadata, name)) return undefined;
  const metadata = snapshot.metadata[name];
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new SnapshotMismatchError(
      `snapshot: the metadata of part "${name}" must be an object, got ${showValue(metadata)}`,
    );
  }
  const prefix = `${name}/`;
  const select = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(record)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => [key.slice(prefix.length), value]),
    );
  return {
    arrays: select(snapshot.arrays),
    rows: select(snapshot.rows ?? {}),
    metadata: metadata as JsonObject,
  };
}

/** Whether two snapshots have arrays, shapes and rows equal bit for bit (NaN equals itself) and equal metadata. */
export function snapshotsEqual(a: Snapshot, b: Snapshot): boolean {
  return (
    sameKeys(a.arrays, b.arrays) &&
    Object.entries(a.arrays).every(([name, { shape, data }]) => {
      const other = b.arrays[name]!;
      return shape.join() === other.shape.join() && sameBytes(data, other.data);
    }) &&
    sameKeys(a.rows ?? {}, b.rows ?? {}) &&
    Object.entries(a.rows ?? {}).every(([name, log]) => sameRows(log, b.rows![name]!)) &&
    canonicalJson(a.metadata) === canonicalJson(b.metadata)
  );
}

function sameRows(a: RowLog, b: RowLog): boolean {
  if (a.capacity !== b.capacity || a.appended !== b.appended) return false;
  if (canonicalJson(a.columns) !== canonicalJson(b.columns)) return false;
  const left = a.read(oldestRow(a), a.appended);
  const right = b.read(oldestRow(b), b.appended);
  return Object.keys(left).every((name) => sameBytes(left[name]!, right[name]!));
}

function sameKeys(a: object, b: object): boolean {
  return Object.keys(a).sort().join('\n') === Object.keys(b).sort().join('\n');
}

function sameBytes(a: NumericArray, b: NumericArray): boolean {
  if (dataTypeOf(a) !== dataTypeOf(b) || a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.every((byte, i) => byte === right[i]);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
