import type { ShapedArray } from '@maxent/core';

/** Continues the CRC-32 of zlib, gzip and PNG over these bytes, starting from 0. It uses no table, to keep it small. */
function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** The checksum of the description's JSON and then every tensor's bytes, sorted by name, so that any damage shows. */
export function checksumOf(json: string, tensors: Readonly<Record<string, ShapedArray>>): string {
  let crc = crc32(new TextEncoder().encode(json), 0);
  for (const name of Object.keys(tensors).sort()) {
    const { data } = tensors[name]!;
    crc = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), crc);
  }
  return String(crc);
}
