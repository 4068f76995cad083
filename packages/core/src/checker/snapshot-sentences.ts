import { typedArrayName } from '../arrays.js';
import { isRecord } from '../is-record.js';
import { showValue } from '../show-value.js';
import type { RowLog, ShapedArray } from '../snapshot.js';
import { isPromise } from './thrown.js';
import { isPlainJson } from './value-sentences.js';

/** Why what `method` gave is not a snapshot that can be stored; undefined when it is one. */
export function snapshotProblem(method: string, snapshot: unknown): string | undefined {
  const expected = 'give { arrays, metadata }';
  if (isPromise(snapshot)) return `${method} gave a promise; ${expected} at once`;
  if (!isRecord(snapshot)) return `${method} gave ${showValue(snapshot)}; ${expected}`;
  const { arrays, rows = {}, metadata } = snapshot;
  if (!isRecord(arrays)) return `${method} gave the arrays ${showValue(arrays)}; give a record, {} for none`;
  for (const [name, array] of Object.entries(arrays)) {
    if (isShapedArray(array)) continue;
    return `${method} gave the array ${name} = ${showValue(array)}; give { shape, data }, data a typed array of that shape`;
  }
  if (!isRecord(rows)) return `${method} gave the rows ${showValue(rows)}; give a record, or leave it out`;
  for (const [name, log] of Object.entries(rows)) {
    if (isRowLog(log)) continue;
    return `${method} gave the rows ${name} = ${showValue(log)}; give { columns, capacity, appended, read }`;
  }
  if (!isRecord(metadata)) {
    return `${method} gave the metadata ${showValue(metadata)}; give a record, {} for none`;
  }
  const lost = Object.entries(metadata).find(([, value]) => value !== undefined && !isPlainJson(value));
  if (lost === undefined) return undefined;
  return `${method} gave metadata.${lost[0]} = ${showValue(lost[1])}, which JSON cannot hold; keep numbers in arrays`;
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
