import { expect, it } from 'vitest';
import { copyValue } from './copy-value.js';

it('shares no array with the original', () => {
  const value = { image: Uint8Array.of(1, 2), inner: { list: [1, [2]], index: 3 } };
  const copy = copyValue(value);
  value.image[0] = 9;
  value.inner.list[1] = [9];
  expect(copy).toEqual({ image: Uint8Array.of(1, 2), inner: { list: [1, [2]], index: 3 } });
});

it('keeps the class of an array and whatever it does not know', () => {
  const map = new Map();
  expect(copyValue(Float64Array.of(0.1))).toStrictEqual(Float64Array.of(0.1));
  expect([copyValue(map), copyValue(undefined), copyValue(2), copyValue('a')]).toEqual([
    map,
    undefined,
    2,
    'a',
  ]);
  expect(copyValue(map)).toBe(map);
});

it('gives memory of its own, of the plain class, for what slices in its own way', () => {
  // As Node's Buffer does.
  class Viewing extends Uint8Array {
    override slice() {
      return this.subarray() as Uint8Array<ArrayBuffer>;
    }
  }
  const buffer = Viewing.of(1, 2);
  class Odd extends Float32Array {
    constructor(first: number, second: number) {
      super(2);
      this.set([first, second]);
    }
  }
  const odd = new Odd(3, 4);
  const [bytes, numbers] = [copyValue<Uint8Array>(buffer), copyValue<Float32Array>(odd)];
  buffer[0] = 9;
  odd[0] = 9;
  expect(bytes).toStrictEqual(Uint8Array.of(1, 2));
  expect(numbers).toStrictEqual(Float32Array.of(3, 4));
});
