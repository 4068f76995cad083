import { maskedCrc32c } from './crc32c.js';

/**
 * TensorBoard's `Event` message (tensorflow/core/util/event.proto): field 1 wall_time (double), 2 step (int64),
 * 3 file_version (string), 5 summary, 7 session_log.
 */
export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly content:
    | { readonly kind: 'fileVersion' }
    /** The start of a session: events of this and later steps in older files are no longer valid. */
    | { readonly kind: 'sessionStart' }
    | { readonly kind: 'scalars'; readonly scalars: Readonly<Record<string, number>> };
}

const FILE_VERSION = 'brain.Event:2';
const SESSION_START = 1;

/** Protocol buffers' wire types. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** The event as a TFRecord: length, masked CRC of the length, message, masked CRC of the message. */
export function encodeEventRecord(event: TensorBoardEvent): Uint8Array {
  const message = encodeEvent(event);
  const record = new Uint8Array(message.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc32c(message), true);
  return record;
}

function encodeEvent({ wallTime, step, content }: TensorBoardEvent): Uint8Array {
  const head = [...tag(1, FIXED64), ...float64(wallTime), ...tag(2, VARINT), ...varint(step)];
  switch (content.kind) {
    case 'fileVersion':
      return Uint8Array.from([...head, ...delimited(3, text(FILE_VERSION))]);
    case 'sessionStart':
      return Uint8Array.from([...head, ...delimited(7, [...tag(1, VARINT), ...varint(SESSION_START)])]);
    case 'scalars':
      return Uint8Array.from([...head, ...delimited(5, encodeSummary(content.scalars))]);
  }
}

/** `Summary`: repeated field 1 `Value`, each with field 1 tag (string) and field 2 simple_value (float). */
function encodeSummary(scalars: Readonly<Record<string, number>>): number[] {
  return Object.entries(scalars).flatMap(([name, value]) =>
    delimited(1, [...delimited(1, text(name)), ...tag(2, FIXED32), ...float32(value)]),
  );
}

function tag(field: number, wireType: number): number[] {
  return varint(field * 8 + wireType);
}

function delimited(field: number, content: ArrayLike<number> & Iterable<number>): number[] {
  return [...tag(field, LENGTH_DELIMITED), ...varint(content.length), ...content];
}

/** Seven bits per byte, lowest first, for non-negative integers up to 2^53. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

function float32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}
