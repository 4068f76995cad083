/**
 * Writes the parts of the Protocol Buffers wire format that ONNX files need: integers, strings, bytes and nested
 * messages. A library would bring a runtime and a compiled schema of all of ONNX for the five messages that we write.
 */
export class Message {
  private readonly parts: Uint8Array[] = [];

  integer(field: number, value: number): this {
    return this.key(field, 0).varint(value);
  }

  float(field: number, value: number): this {
    return this.key(field, 5).raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  bytes(field: number, value: Uint8Array): this {
    return this.key(field, 2).varint(value.length).raw(value);
  }

  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private key(field: number, wireType: number): this {
    return this.varint(field * 8 + wireType);
  }

  /** Writes seven bits at a time, the lowest first; negative integers as 64-bit two's complement. */
  private varint(value: number): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.raw(Uint8Array.from(bytes));
  }

  private raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }
}
