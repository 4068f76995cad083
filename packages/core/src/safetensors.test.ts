import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type NumericArray } from './arrays.js';
import { DamagedDataError, InvalidInputError } from './errors.js';
import fixture from './fixtures/python-safetensors.json' with { type: 'json' };
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import type { ShapedArray } from './snapshot.js';

const vector = (data: NumericArray): ShapedArray => ({ shape: [data.length], data });

/** A file with the given header, and `bodyLength` bytes after it. */
function fileWith(header: unknown, bodyLength: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bodyLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

describe('round trip', () => {
  const anyTensor = fc
    .record({
      dataType: fc.constantFrom('float32', 'float64', 'int32', 'uint32', 'uint8' as const),
      shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
      bytes: fc.uint8Array({ minLength: 512, maxLength: 512 }),
    })
    .map(({ dataType, shape, bytes }) => {
      const data = allocate(
        dataType,
        shape.reduce((a, b) => a * b, 1),
      );
      new Uint8Array(data.buffer).set(bytes.subarray(0, data.byteLength));
      return { shape, data };
    });

  it('keeps every bit, shape, type, name and string', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), anyTensor).filter((tensors) => !('__metadata__' in tensors)),
        fc.dictionary(fc.string(), fc.string()),
        (tensors, metadata) => {
          const decoded = decodeSafetensors(encodeSafetensors({ tensors, metadata }));
          expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(tensors).sort());
          for (const [name, { shape, data }] of Object.entries(tensors)) {
            const found = decoded.tensors[name]!;
            expect(found.shape).toEqual(shape);
            expect(found.data.constructor).toBe(data.constructor);
            expect(new Uint8Array(found.data.buffer)).toEqual(new Uint8Array(data.buffer));
          }
          expect(decoded.metadata).toEqual(metadata);
        },
      ),
    );
  });

  it('writes and reads views into larger buffers, at any alignment', () => {
    const inside = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const file = encodeSafetensors({ tensors: { inside: vector(inside) }, metadata: {} });
    const shifted = new Uint8Array(file.length + 3).subarray(3);
    shifted.set(file);
    expect(decodeSafetensors(shifted).tensors.inside!.data).toEqual(Float32Array.of(1, 2));
  });

  it('aligns the data: the header to 8 bytes, wider elements first', () => {
    const file = encodeSafetensors({
      tensors: { a: vector(Uint8Array.of(1)), b: vector(Float64Array.of(2)), c: vector(Float32Array.of(3)) },
      metadata: {},
    });
    const headerLength = new DataView(file.buffer).getUint32(0, true);
    expect(headerLength % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
    expect(
      Object.entries(header).map(([name, entry]) => [
        name,
        (entry as { data_offsets: unknown }).data_offsets,
      ]),
    ).toEqual([
      ['b', [0, 8]],
      ['c', [8, 12]],
      ['a', [12, 13]],
    ]);
    expect(file.length).toBe(8 + headerLength + 13);
  });

  it('refuses what the format cannot hold', () => {
    const encode = (tensors: Record<string, ShapedArray>) => () =>
      encodeSafetensors({ tensors, metadata: {} });
    expect(encode({ a: { shape: [2], data: new Float32Array(3) } })).toThrow(InvalidInputError);
    expect(encode({ a: { shape: [2], data: new Float32Array(3) } })).toThrow(
      'tensors.a.shape: expected a shape of 3 elements, got [2]',
    );
    expect(encode({ __metadata__: vector(new Float32Array(1)) })).toThrow(InvalidInputError);
  });
});

describe('a file written by Python', () => {
  const file = Uint8Array.from(atob(fixture.base64), (character) => character.charCodeAt(0));

  it('is read with its types, shapes, values and metadata', () => {
    const { tensors, metadata } = decodeSafetensors(file);
    expect(tensors).toEqual({
      'layer.weight': { shape: [2, 3], data: Float32Array.from([0, 1, 2, 3, 4, 5], (x) => x / 3) },
      special: { shape: [4], data: Float64Array.of(Infinity, -Infinity, -0, Math.PI) },
      steps: { shape: [3], data: Int32Array.of(-1, 2 ** 31 - 1, -(2 ** 31)) },
      words: { shape: [2], data: Uint32Array.of(0, 2 ** 32 - 1) },
      flags: { shape: [3], data: Uint8Array.of(0, 1, 255) },
      empty: { shape: [0, 4], data: new Float32Array(0) },
      scalar: { shape: [], data: Float64Array.of(0.1) },
    });
    expect(metadata).toEqual({ format: 'maxent', note: 'line\nbreak and \u03c0' });
  });

  it('is refused at whatever byte it ends too early, or goes on too long', () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeSafetensors(file.subarray(0, length)), `${length} bytes`).toThrow(DamagedDataError);
    }
    const longer = new Uint8Array(file.length + 1);
    longer.set(file);
    expect(() => decodeSafetensors(longer)).toThrow(DamagedDataError);
  });
});

describe('damaged files', () => {
  const good = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };

  it('starts from a header that is read', () => {
    expect(decodeSafetensors(fileWith({ a: good }, 4)).tensors.a!.data).toEqual(Float32Array.of(0));
  });

  it.each<[unknown, number, string]>([
    ['{', 0, 'the header is not JSON'],
    ['[]', 0, 'the header is not a JSON object'],
    ['null', 0, 'the header is not a JSON object'],
    [{ a: null }, 0, 'tensor "a" has type undefined'],
    [
      { a: { ...good, dtype: 'BF16' } },
      4,
      'tensor "a" has type "BF16"; expected one of F32, F64, I32, U32, U8',
    ],
    [{ a: { ...good, shape: 1 } }, 4, 'tensor "a" has shape 1'],
    [{ a: { ...good, shape: [-1] } }, 4, 'tensor "a" has shape [-1]'],
    [{ a: { ...good, shape: [2] } }, 4, 'needs 8 bytes but its offsets are [0, 4]'],
    [{ a: { ...good, shape: [2 ** 30, 2 ** 20] } }, 4, 'but its offsets are [0, 4]'],
    [{ a: { ...good, data_offsets: [4, 0] } }, 4, 'its offsets are [4, 0]'],
    [{ a: { ...good, data_offsets: [0, 4, 4] } }, 4, 'its offsets are [0, 4, 4]'],
    [{ a: { ...good, data_offsets: undefined } }, 4, 'its offsets are undefined'],
    [{ a: { ...good, data_offsets: [4, 8] } }, 8, 'tensor "a" starts at byte 4 of the data; expected 0'],
    [
      { a: good, b: { ...good, data_offsets: [2, 6] } },
      6,
      'tensor "b" starts at byte 2 of the data; expected 4',
    ],
    [{ a: good }, 3, 'the tensors take 4 bytes but 3 follow the header; the file is truncated'],
    [{ a: good }, 5, 'the file is longer than it should be'],
    [{ a: { ...good, shape: [0, 2 ** 53] } }, 4, 'tensor "a" has shape [0, '],
    [{ a: { ...good, shape: [1e308, 1e308, 0] } }, 4, 'tensor "a" has shape'],
    [{ a: { ...good, shape: [1e15, 1e15, 1e15] } }, 4, 'its offsets are [0, 4]'],
    [{ a: { ...good, data_offsets: [0, 1e15] } }, 4, 'its offsets are [0, '],
    [{ a: good, b: good }, 4, 'tensor "b" starts at byte 0 of the data; expected 4'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{}}', 4, 'has the key "a" twice'],
    ['{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4, 'has the key "dtype" twice'],
    [`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 0, 'tensor "a" has type undefined'],
    [
      `{"a":{"dtype":"F32","shape":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
      0,
      'tensor "a" has shape [[',
    ],
    [{ __metadata__: { a: 1 } }, 0, '__metadata__ is not an object of strings'],
    [{ __metadata__: [], a: good }, 4, '__metadata__ is not an object of strings'],
  ])('with header %j and %s bytes of data are named for what is wrong', (header, bodyLength, message) => {
    const decode = () => decodeSafetensors(fileWith(header, bodyLength));
    expect(decode).toThrow(DamagedDataError);
    expect(decode).toThrow(message);
  });

  it('with a tensor called __proto__ change no prototype', () => {
    const named = Object.fromEntries([['__proto__', vector(Float32Array.of(1))]]);
    const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: named, metadata: {} }));
    expect(Object.keys(tensors)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype);
  });
});
