import { allocate, type DataType, dataTypeOf, type NumericArray, sizeOf } from './arrays.js';
import { DamagedDataError } from './errors.js';
import type { ShapedArray } from './snapshot.js';

/**
 * The safetensors format (Hugging Face, version 0.x): 8 bytes little-endian header length, a JSON header with
 * `dtype`, `shape` and `data_offsets` per tensor, then the raw little-endian data. Files written here load in
 * Python's `safetensors`, and the reverse for the element types below.
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

/** Data must start at a multiple of the widest element, so the header is padded with spaces. */
const ALIGNMENT = 8;

export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Uint8Array<ArrayBuffer> {
  // Wider elements first keeps every tensor aligned without gaps, which the format forbids.
  const entries = Object.entries(tensors).sort(
    ([a, { data: x }], [b, { data: y }]) => y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let end = 0;
  for (const [name, { shape, data }] of entries) {
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: FORMAT_NAMES[dataTypeOf(data)], shape, data_offsets: [start, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
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
  const tensors: Record<string, ShapedArray> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors[name] = decodeTensor(name, entry as TensorEntry, body);
  }
  return { tensors, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DamagedDataError('safetensors: the header is not JSON', { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new DamagedDataError('safetensors: the header is not a JSON object');
  }
  return header as Record<string, unknown>;
}

function decodeTensor(name: string, entry: TensorEntry, body: Uint8Array): ShapedArray {
  const dataType = DATA_TYPES.get(entry?.dtype);
  if (dataType === undefined) {
    throw new DamagedDataError(
      `safetensors: tensor "${name}" has type ${JSON.stringify(entry?.dtype)}; expected one of ${[...DATA_TYPES.keys()].join(', ')}`,
    );
  }
  const { shape, data_offsets: offsets } = entry;
  if (!Array.isArray(shape) || !shape.every((dimension) => Number.isInteger(dimension) && dimension >= 0)) {
    throw new DamagedDataError(`safetensors: tensor "${name}" has shape ${JSON.stringify(shape)}`);
  }
  const data: NumericArray = allocate(dataType, sizeOf(shape));
  const [start, end] = Array.isArray(offsets) ? offsets : [Number.NaN, Number.NaN];
  if (!(start >= 0 && end <= body.byteLength && end - start === data.byteLength)) {
    throw new DamagedDataError(
      `safetensors: tensor "${name}" of shape [${shape.join(', ')}] needs ${data.byteLength} bytes but its offsets are ` +
        `${JSON.stringify(offsets)} in ${body.byteLength} bytes of data`,
    );
  }
  new Uint8Array(data.buffer).set(body.subarray(start, end));
  return { shape, data };
}
