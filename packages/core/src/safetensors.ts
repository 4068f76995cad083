import { allocate, type DataType, dataTypeOf, type NumericArray, sizeOf } from './arrays.js';
import { DamagedDataError, InvalidInputError } from './errors.js';
import { isRecord } from './is-record.js';
import { showValue } from './show-value.js';
import type { ShapedArray } from './snapshot.js';

/**
 * The safetensors format (Hugging Face, version 0.x): 8 bytes little-endian header length, a JSON header with
 * `dtype`, `shape` and `data_offsets` per tensor, then the raw little-endian data. Files written here load in
 * Python's `safetensors`, and files written there load here if they use the element types below.
 */
export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, ShapedArray>>;
  /** The header's `__metadata__`: strings only, as the format demands. */
  readonly metadata: Readonly<Record<string, string>>;
}

const FORMAT_NAMES: Record<DataType, string> = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  uint32: 'U32',
  uint8: 'U8',
};
const DATA_TYPES = new Map(Object.entries(FORMAT_NAMES).map(([type, name]) => [name, type as DataType]));

/** The data must start at a multiple of the widest element, so the header is padded with spaces. */
const ALIGNMENT = 8;
const METADATA_KEY = '__metadata__';

/** Throws InvalidInputError when a shape does not fit its data, or a tensor has the reserved name `__metadata__`. */
export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Uint8Array<ArrayBuffer> {
  // Wider elements first keeps every tensor aligned without gaps, which the format forbids.
  const entries = Object.entries(tensors).sort(
    ([a, { data: x }], [b, { data: y }]) => y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA_KEY, metadata]] : [];
  let end = 0;
  for (const [name, { shape, data }] of entries) {
    if (name === METADATA_KEY)
      throw new InvalidInputError(`tensors.${name}`, 'the format reserves this name');
    if (sizeOf(shape) !== data.length) {
      throw new InvalidInputError(
        `tensors.${name}.shape`,
        `expected a shape of ${data.length} elements, got [${shape.join(', ')}]`,
      );
    }
    const start = end;
    end += data.byteLength;
    header.push([name, { dtype: FORMAT_NAMES[dataTypeOf(data)], shape, data_offsets: [start, end] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(text, 8);
  let offset = 8 + headerLength;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/** Throws DamagedDataError that says what is wrong when the bytes are not an intact safetensors file. */
export function decodeSafetensors(file: Uint8Array): SafetensorsFile {
  if (file.byteLength < 8)
    throw new DamagedDataError(`safetensors: ${file.byteLength} bytes is too short for a header`);
  const headerLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (headerLength > file.byteLength - 8) {
    throw new DamagedDataError(
      `safetensors: the header claims ${headerLength} bytes but ${file.byteLength - 8} follow; the file is truncated`,
    );
  }
  const header = parseHeader(file.subarray(8, 8 + headerLength));
  const body = file.subarray(8 + headerLength);
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, entry]) => parseEntry(name, entry));
  requireContiguous(entries, body.byteLength);
  return {
    tensors: Object.fromEntries(entries.map((entry) => [entry.name, decodeTensor(entry, body)])),
    metadata: parseMetadata(header[METADATA_KEY]),
  };
}

interface TensorEntry {
  readonly name: string;
  readonly dataType: DataType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataError('safetensors: the header is not JSON', { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new DamagedDataError('safetensors: the header is not a JSON object');
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) {
    throw new DamagedDataError(`safetensors: the header has the key ${showValue(twice)} twice`);
  }
  return header as Record<string, unknown>;
}

/** A key that occurs twice in one object of a JSON text; `JSON.parse` would silently take the last value. */
function repeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, text] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (text !== undefined) {
      const key = JSON.parse(text) as string;
      if (objects.at(-1)!.has(key)) return key;
      objects.at(-1)!.add(key);
    }
  }
  return undefined;
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw new DamagedDataError(`safetensors: ${METADATA_KEY} is not an object of strings`);
  }
  return metadata as Record<string, string>;
}

/** Everything is checked before any memory is allocated, because a damaged header may ask for any amount. */
function parseEntry(name: string, entry: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const dataType = DATA_TYPES.get(dtype as string);
  if (dataType === undefined) {
    throw new DamagedDataError(
      `safetensors: tensor ${showValue(name)} has type ${showValue(dtype)}; expected one of ${[...DATA_TYPES.keys()].join(', ')}`,
    );
  }
  if (!isCounts(shape)) {
    throw new DamagedDataError(`safetensors: tensor ${showValue(name)} has shape ${showValue(shape)}`);
  }
  const byteLength = sizeOf(shape) * allocate(dataType, 0).BYTES_PER_ELEMENT;
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[1]! - offsets[0]! !== byteLength) {
    throw new DamagedDataError(
      `safetensors: tensor ${showValue(name)} of shape ${showValue(shape)} needs ${byteLength} bytes but its offsets are ${showValue(offsets)}`,
    );
  }
  return { name, dataType, shape, start: offsets[0]!, end: offsets[1]! };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}

/** The format allows neither gaps nor overlaps nor bytes after the last tensor. */
function requireContiguous(entries: readonly TensorEntry[], byteLength: number): void {
  const inOrder = [...entries].sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const entry of inOrder) {
    if (entry.start !== end) {
      throw new DamagedDataError(
        `safetensors: tensor ${showValue(entry.name)} starts at byte ${entry.start} of the data; expected ${end}`,
      );
    }
    end = entry.end;
  }
  if (end !== byteLength) {
    throw new DamagedDataError(
      `safetensors: the tensors take ${end} bytes but ${byteLength} follow the header; the file is ${byteLength < end ? 'truncated' : 'longer than it should be'}`,
    );
  }
}

function decodeTensor({ dataType, shape, start, end }: TensorEntry, body: Uint8Array): ShapedArray {
  const data: NumericArray = allocate(dataType, sizeOf(shape));
  // Copied rather than viewed: the bytes in the file need not be aligned.
  new Uint8Array(data.buffer).set(body.subarray(start, end));
  return { shape, data };
}
