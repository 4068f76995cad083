/** The bytes that a string writes with two hexadecimal digits each. */
export function bytesOfHexadecimal(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g)!, (byte) => Number.parseInt(byte, 16));
}
