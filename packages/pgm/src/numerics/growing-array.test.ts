import { expect, it } from 'vitest';
import { GrowingArray } from './growing-array.js';

it('keeps all that is appended, beyond the room it starts with', () => {
  const array = new GrowingArray(Uint32Array);
  for (let i = 0; i < 5000; i++) array.push(i * i);
  expect(array.length).toBe(5000);
  expect(array.at(4999)).toBe(4999 * 4999);
  expect(array.toArray()).toEqual(Uint32Array.from({ length: 5000 }, (_, i) => i * i));
});
