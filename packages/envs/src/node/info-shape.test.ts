import type { Info } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, InfoShape } from './info-shape.js';

const value = fc.oneof(
  fc.double(),
  fc.boolean(),
  fc.float64Array({ maxLength: 5 }),
  fc.float32Array({ maxLength: 5 }),
  fc.int32Array({ maxLength: 5 }),
  fc.uint32Array({ maxLength: 5 }),
  fc.int16Array({ maxLength: 5 }),
  fc.uint16Array({ maxLength: 5 }),
  fc.int8Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 5 }),
  fc.uint8ClampedArray({ maxLength: 5 }),
);

function shapeOf(info: Info, count = 1): InfoShape {
  return new InfoShape(fieldsOf(info)!, count);
}

describe('InfoShape', () => {
  it('gives back exactly what went in: values, types, order and lengths', () => {
    const key = fc.string().filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (info) => {
        const written = shapeOf(info, 2);
        expect(written.write(1, 'finalInfo', info)).toBe(true);
        const read = new InfoShape(structuredClone(written.fields), 2, written.buffer).read(1, 'finalInfo');
        expect(read).toStrictEqual(info);
        expect(Object.keys(read)).toEqual(Object.keys(info));
      }),
    );
  });

  it('has two places for each environment, none of which covers another', () => {
    const infoOf = (number: number): Info => ({ number, array: Float32Array.of(number, -number) });
    const shape = shapeOf(infoOf(0), 3);
    const places = [0, 1, 2].flatMap((index) => [[index, 'info'] as const, [index, 'finalInfo'] as const]);
    places.forEach(([index, place], i) => void shape.write(index, place, infoOf(i)));
    expect(places.map(([index, place]) => shape.read(index, place))).toEqual(places.map((_, i) => infoOf(i)));
  });

  it('gives arrays that belong to the caller', () => {
    const shape = shapeOf({ array: Float64Array.of(1) });
    shape.write(0, 'info', { array: Float64Array.of(1) });
    const { array } = shape.read(0, 'info') as { array: Float64Array };
    shape.write(0, 'info', { array: Float64Array.of(2) });
    expect(array).toEqual(Float64Array.of(1));
    expect(array.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('takes no info of another shape', () => {
    const info = { number: 1, flag: true, array: Float64Array.of(1, 2) };
    const shape = shapeOf(info);
    expect(shape.write(0, 'info', { number: 2, flag: false, array: Float64Array.of(3, 4) })).toBe(true);
    for (const other of [
      {},
      { number: 1, flag: true },
      { ...info, more: 1 },
      { flag: true, number: 1, array: info.array },
      { ...info, number: true },
      { ...info, flag: 1 },
      { ...info, array: Float64Array.of(1) },
      { ...info, array: Float32Array.of(1, 2) },
      { ...info, array: [1, 2] },
    ]) {
      expect(shape.write(0, 'info', other)).toBe(false);
    }
  });

  it.each([
    'text',
    null,
    undefined,
    1n,
    [1, 2],
    { deep: 1 },
    BigInt64Array.of(1n),
    new DataView(new ArrayBuffer(8)),
    Buffer.of(1, 2),
    () => 0,
  ])('has no room for %s', (other) => {
    expect(fieldsOf({ number: 1, other })).toBeNull();
  });
});
