import {
  DamagedDataError,
  type JsonObject,
  type JsonValue,
  type NumericArray,
  type ShapedArray,
  type Snapshot,
} from '@maxent/core';

/**
 * An observation as a snapshot: typed arrays under their path, numbers and the nesting in the metadata. Covers the
 * values of every space: typed arrays, numbers, and records of these.
 */
export function snapshotOfValue(value: unknown): Snapshot {
  const arrays: Record<string, ShapedArray> = {};
  const encode = (part: unknown, path: string): JsonValue => {
    if (typeof part === 'number') return part;
    if (ArrayBuffer.isView(part)) {
      const data = part as NumericArray;
      arrays[path] = { shape: [data.length], data };
      return { array: path };
    }
    return {
      record: Object.fromEntries(
        Object.entries(part as Record<string, unknown>).map(([key, inner]) => [
          key,
          encode(inner, `${path}/${key}`),
        ]),
      ),
    };
  };
  return { metadata: { value: encode(value, 'value') }, arrays };
}

/** The value that `snapshotOfValue` stored. Throws DamagedDataError when an array is missing. */
export function valueOfSnapshot(snapshot: Snapshot): unknown {
  const decode = (part: JsonValue): unknown => {
    if (typeof part === 'number') return part;
    const { array, record } = part as { readonly array?: string; readonly record?: JsonObject };
    if (record !== undefined) {
      return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, decode(inner)]));
    }
    const stored = snapshot.arrays[array ?? ''];
    if (stored === undefined)
      throw new DamagedDataError(`observation: array ${JSON.stringify(array)} is missing`);
    return stored.data;
  };
  return decode(snapshot.metadata.value ?? null);
}
