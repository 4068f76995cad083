import { DamagedDataError, joinSnapshots, splitSnapshot } from '@maxent/core';
import { expect, it } from 'vitest';
import { snapshotOfValue, valueOfSnapshot } from './value-snapshot.js';

it.each([
  ['a Discrete value', 4],
  ['a Box value', Float32Array.of(1, -0, 2.5)],
  ['a MultiDiscrete value', Int32Array.of(3, 1)],
  ['a Dict value', { position: Float64Array.of(0.1), goal: { index: 2, mask: Uint8Array.of(0, 1) } }],
])('gives back %s', (_, value) => {
  const joined = joinSnapshots({ observation: snapshotOfValue(value) });
  expect(valueOfSnapshot(splitSnapshot(joined, 'observation')!)).toStrictEqual(value);
});

it('names a missing array', () => {
  const { metadata } = snapshotOfValue(Float32Array.of(1));
  expect(() => valueOfSnapshot({ metadata, arrays: {} })).toThrow(DamagedDataError);
});

it.each([
  [{}, 'observation: is missing'],
  [{ value: 'x' }, 'observation: expected a number, array or record, got "x"'],
  [{ value: {} }, 'observation: expected a number, array or record, got {}'],
  [{ value: { array: 3 } }, 'observation: array 3 is missing'],
])('says what is wrong with %j', (metadata, message) => {
  expect(() => valueOfSnapshot({ metadata, arrays: {} })).toThrow(message);
});
