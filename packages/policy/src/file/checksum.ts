import type { ShapedArray } from '@maxent/core';

let table: Uint32Array | undefined;

/** Continues the CRC-32 of zlib, gzip and PNG over these bytes; begins with 0. */
function crc32(bytes: Uint8Array, before: number): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** Of the description's JSON and then the bytes of every tensor, in the order of their names: any damage shows. */
export function checksumOf(json: string, tensors: Readonly<Record<string, ShapedArray>>): string {
  let crc = crc32(new TextEncoder().encode(json), 0);
  for (const name of Object.keys(tensors).sort()) {
    const { data } = tensors[name]!;
    crc = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), crc);
  }
  return String(crc);
}
