import {
  DamagedDataError,
  isRecord,
  type JsonValue,
  type NumericArray,
  type ShapedArray,
  type Snapshot,
  showValue,
} from '@maxent/core';

/**
 * An observation as a snapshot: typed arrays under their paths, numbers and nesting in the metadata. Covers the values
 * of every space: typed arrays, numbers, and records of these.
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

/** The value that `snapshotOfValue` stored. Throws DamagedDataError for anything else. */
export function valueOfSnapshot({ metadata, arrays }: Snapshot): unknown {
  const decode = (part: JsonValue | undefined): unknown => {
    if (typeof part === 'number') return part;
    if (part === undefined) throw new DamagedDataError('observation: is missing');
    if (typeof part !== 'object' || part === null || Array.isArray(part)) {
      throw new DamagedDataError(`observation: expected a number, array or record, got ${showValue(part)}`);
    }
    const { array, record } = part as { readonly array?: JsonValue; readonly record?: JsonValue };
    if (isRecord(record)) {
      return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, decode(inner)]));
    }
    if (array === undefined) {
      throw new DamagedDataError(`observation: expected a number, array or record, got ${showValue(part)}`);
    }
    if (typeof array !== 'string' || !Object.hasOwn(arrays, array)) {
      throw new DamagedDataError(`observation: array ${showValue(array)} is missing`);
    }
    return arrays[array]!.data;
  };
  return decode(metadata.value);
}
