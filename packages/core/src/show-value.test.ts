import { expect, it } from 'vitest';
import { showStored, showValue } from './show-value.js';

it.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [-0, '-0'],
  [2n, '2n'],
  [Symbol('s'), 'Symbol(s)'],
  ['a"b', '"a\\"b"'],
  ['x'.repeat(100), `"${'x'.repeat(60)}..."`],
  [() => 1, 'a function'],
  [new Map(), 'a Map'],
  [new Date(Number.NaN), 'a Date'],
  [Float32Array.of(1, 2), 'Float32Array(2) [1, 2]'],
  [new Float64Array(17), 'Float64Array(17) [0, 0, 0, 0, 0, 0, ...]'],
  [[1, [2, [3, [4]]]], '[1, [2, [3, [...]]]]'],
  [{ a: 1, 'b c': { d: 'e' } }, '{ a: 1, "b c": { d: "e" } }'],
  [
    Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, i])),
    '{ k0: 0, k1: 1, k2: 2, k3: 3, k4: 4, k5: 5, ... }',
  ],
  [Object.create(null), '{}'],
])('shows %o in a line', (value, text) => {
  expect(showValue(value)).toBe(text);
});

it('ends for a value that holds itself', () => {
  const loop: unknown[] = [];
  loop.push(loop);
  expect(showValue(loop)).toBe('[[[[...]]]]');
});

it('runs no code of the value', () => {
  const value = {
    get fails() {
      throw new Error('no');
    },
  };
  expect(showValue(value)).toBe('{ fails: (computed) }');
});

it('shows what throws whatever is asked of it', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(showValue([proxy])).toBe('[a value that cannot be read]');
});

it('says that nothing is stored', () => {
  expect([showStored(undefined), showStored(3)]).toEqual(['nothing', '3']);
});
