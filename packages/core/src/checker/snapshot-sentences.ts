import { typedArrayName } from '../arrays.js';
import { isRecord } from '../is-record.js';
import { showValue } from '../show-value.js';
import type { RowLog, ShapedArray } from '../snapshot.js';
import { isPromise } from './thrown.js';
import { isPlainJson } from './value-sentences.js';

/** Why the result of `method` is not a snapshot that can be stored; undefined when it is one. */
export function snapshotProblem(method: string, snapshot: unknown): string | undefined {
  const expected = 'return { arrays, metadata }';
  if (isPromise(snapshot)) return `${method} returned a promise; ${expected} directly`;
  if (!isRecord(snapshot)) return `${method} returned ${showValue(snapshot)}; ${expected}`;
  const { arrays, rows = {}, metadata } = snapshot;
  if (!isRecord(arrays))
    return `${method} returned the arrays ${showValue(arrays)}; return a record, {} if there are none`;
  for (const [name, array] of Object.entries(arrays)) {
    if (isShapedArray(array)) continue;
    return `${method} returned the array ${name} = ${showValue(array)}; return { shape, data }, where data is a typed array of that shape`;
  }
  if (!isRecord(rows))
    return `${method} returned the rows ${showValue(rows)}; return a record, or leave rows out`;
  for (const [name, log] of Object.entries(rows)) {
    if (isRowLog(log)) continue;
    return `${method} returned the rows ${name} = ${showValue(log)}; return { columns, capacity, appended, read }`;
  }
  if (!isRecord(metadata)) {
    return `${method} returned the metadata ${showValue(metadata)}; return a record, {} if there is none`;
  }
  const lost = Object.entries(metadata).find(([, value]) => value !== undefined && !isPlainJson(value));
  if (lost === undefined) return undefined;
  return `${method} returned metadata.${lost[0]} = ${showValue(lost[1])}, which JSON cannot hold; keep numbers in arrays`;
}

function isShapedArray(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { shape, data } = value as Partial<ShapedArray>;
  if (!Array.isArray(shape) || data === undefined) return false;
  return (
    typedArrayName(data) !== undefined && shape.reduce((size, length) => size * length, 1) === data.length
  );
}

function isRowLog(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { columns, capacity, appended, read } = value as Partial<RowLog>;
  return (
    isRecord(columns) &&
    Number.isInteger(capacity) &&
    Number.isInteger(appended) &&
    typeof read === 'function'
  );
}
