import { describe, expect, it } from 'vitest';
import { InvalidInputError, SnapshotMismatchError } from './errors.js';
import {
  copySnapshot,
  joinSnapshots,
  oldestRow,
  rowLogOf,
  type Snapshot,
  snapshotsEqual,
  splitSnapshot,
  withoutRows,
} from './snapshot.js';

const columns = {
  position: { dataType: 'float32', width: 2 },
  done: { dataType: 'uint8', width: 1 },
} as const;

/** Rows 2, 3 and 4 of a log that keeps three: row i holds the position [i, -i]. */
const log = () =>
  rowLogOf(columns, 3, 5, {
    position: Float32Array.of(2, -2, 3, -3, 4, -4),
    done: Uint8Array.of(0, 1, 0),
  });

const snapshot = (): Snapshot => ({
  arrays: { weights: { shape: [2, 1], data: Float32Array.of(1, Number.NaN) } },
  rows: { replay: log() },
  metadata: { steps: 3, nested: { a: 1, b: [2] } },
});

describe('rowLogOf', () => {
  it('reads rows by how many came before them', () => {
    expect(oldestRow(log())).toBe(2);
    expect(log().read(3, 5)).toEqual({ position: Float32Array.of(3, -3, 4, -4), done: Uint8Array.of(1, 0) });
    expect(log().read(4, 4)).toEqual({ position: new Float32Array(0), done: new Uint8Array(0) });
    expect(oldestRow(rowLogOf(columns, 3, 2, {}))).toBe(0);
  });

  it.each([
    [1, 3],
    [3, 6],
    [4, 3],
  ])('refuses rows %s to %s, which it does not hold', (from, to) => {
    expect(() => log().read(from, to)).toThrow(InvalidInputError);
  });
});

describe('copySnapshot', () => {
  it('shares no memory with its source', () => {
    const original = snapshot();
    const copy = copySnapshot(original);
    expect(snapshotsEqual(copy, original)).toBe(true);
    original.arrays.weights!.data[0] = 9;
    (original.metadata.nested as { b: number[] }).b[0] = 9;
    expect(copy.arrays.weights!.data[0]).toBe(1);
    expect(copy.metadata).toEqual({ steps: 3, nested: { a: 1, b: [2] } });
  });

  it('reads live rows once, when it is made', () => {
    const live = { position: Float32Array.of(7, 8), done: Uint8Array.of(1) };
    const copy = copySnapshot({ arrays: {}, rows: { r: rowLogOf(columns, 4, 1, live) }, metadata: {} });
    live.position.fill(0);
    expect(copy.rows!.r!.read(0, 1).position).toEqual(Float32Array.of(7, 8));
  });
});

describe('snapshotsEqual', () => {
  it('counts NaN as equal to itself and ignores the order of keys', () => {
    const reordered = { ...snapshot(), metadata: { nested: { b: [2], a: 1 }, steps: 3 } };
    expect(snapshotsEqual(snapshot(), reordered)).toBe(true);
    expect(snapshotsEqual({ arrays: {}, metadata: {} }, { arrays: {}, rows: {}, metadata: {} })).toBe(true);
  });

  it('sees the sign of a zero', () => {
    expect(snapshotsEqual(weights(Float32Array.of(0, 1)), weights(Float32Array.of(-0, 1)))).toBe(false);
  });

  const weights = (data: Float32Array | Float64Array, shape = [2, 1]): Snapshot => ({
    ...snapshot(),
    arrays: { weights: { shape, data } },
  });
  it.each<[string, Snapshot]>([
    ['one bit of an array', weights(Float32Array.of(1 + 2 ** -23, Number.NaN))],
    ['a shape', weights(Float32Array.of(1, Number.NaN), [1, 2])],
    ['an element type', weights(Float64Array.of(1, Number.NaN))],
    ['an array missing', { ...snapshot(), arrays: {} }],
    ['rows missing', { ...snapshot(), rows: {} }],
    ['a number in the metadata', { ...snapshot(), metadata: { steps: 4, nested: { a: 1, b: [2] } } }],
    ['a capacity', { ...snapshot(), rows: { replay: { ...log(), capacity: 4 } } }],
    [
      'a row',
      {
        ...snapshot(),
        rows: {
          replay: { ...log(), read: () => ({ position: new Float32Array(6), done: new Uint8Array(3) }) },
        },
      },
    ],
    ['a column', { ...snapshot(), rows: { replay: { ...log(), columns: { position: columns.position } } } }],
  ])('sees a difference in %s', (_what, other) => {
    const base = snapshot();
    expect(snapshotsEqual(base, other)).toBe(false);
    expect(snapshotsEqual(other, base)).toBe(false);
  });
});

describe('joinSnapshots and splitSnapshot', () => {
  it('undo each other, nested too', () => {
    const inner = joinSnapshots({ a: snapshot(), b: { arrays: {}, metadata: { b: 1 } } });
    const outer = joinSnapshots({ inner, other: snapshot() });
    expect(Object.keys(outer.arrays)).toEqual(['inner/a/weights', 'other/weights']);
    expect(snapshotsEqual(splitSnapshot(splitSnapshot(outer, 'inner')!, 'a')!, snapshot())).toBe(true);
    expect(snapshotsEqual(splitSnapshot(outer, 'other')!, snapshot())).toBe(true);
    expect(splitSnapshot(outer, 'missing')).toBeUndefined();
  });

  it('keep parts apart whose names begin alike', () => {
    const joined = joinSnapshots({ net: snapshot(), network: { arrays: {}, metadata: {} } });
    expect(splitSnapshot(joined, 'network')!.arrays).toEqual({});
    expect(Object.keys(splitSnapshot(joined, 'net')!.arrays)).toEqual(['weights']);
  });

  it('refuse a name that would not come apart again', () => {
    expect(() => joinSnapshots({ 'a/b': snapshot() })).toThrow(InvalidInputError);
  });
});

describe('withoutRows', () => {
  const columns = { x: { dataType: 'float32', width: 2 } } as const;

  it('keeps everything but the rows, whose logs are as before anything was appended', () => {
    const log = rowLogOf(columns, 3, 5, { x: new Float32Array(6) });
    const array = { shape: [1], data: Float32Array.of(1) };
    const { arrays, rows, metadata } = withoutRows({ arrays: { array }, rows: { log }, metadata: { a: 1 } });
    expect([arrays, metadata]).toEqual([{ array }, { a: 1 }]);
    expect(rows!.log).toMatchObject({ columns, capacity: 3, appended: 0 });
    expect(rows!.log!.read(0, 0)).toEqual({ x: new Float32Array(0) });
    expect(() => rows!.log!.read(0, 1)).toThrow(InvalidInputError);
  });
});

it.each([null, 3, 'text', true, [1]])('a part whose metadata is %j is not a part', (metadata) => {
  expect(() => splitSnapshot({ arrays: {}, metadata: { part: metadata } }, 'part')).toThrow(
    SnapshotMismatchError,
  );
  expect(splitSnapshot({ arrays: {}, metadata: {} }, 'constructor')).toBeUndefined();
});
