import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { InvalidInputError, Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AffineCoupling } from './affine-coupling.js';
import { Chain } from './chain.js';
import { couplingLayers, initialCouplingParameters } from './coupling-layers.js';
import { Inverse } from './inverse.js';
import { Permutation } from './permutation.js';
import { Tanh } from './tanh.js';
import { numericalLogDet } from './test-support/double-precision.js';

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('Tanh has the Jacobian of tanh, also where 1 - tanh^2 is far below float32', () => {
    for (const point of [
      [0.3, -1.2, 2],
      [0, 3, -3],
    ]) {
      const { y, logDet } = new Tanh().forward(tf.tensor2d([point]));
      expect(logDet.dataSync()[0]).toBeCloseTo(
        numericalLogDet((x) => x.map(Math.tanh), point),
        5,
      );
      const back = new Tanh().inverse(y);
      for (const [i, value] of readTensor(back.y).entries()) expect(value).toBeCloseTo(point[i]!, 4);
      expect(back.logDet.dataSync()[0]).toBeCloseTo(-logDet.dataSync()[0]!, 3);
    }
    // log(1 - tanh(u)^2) = log 4 - 2 |u| up to exp(-2 |u|).
    expect(new Tanh().forward(tf.tensor2d([[12]])).logDet.dataSync()[0]).toBeCloseTo(Math.log(4) - 24, 5);
  });

  test('Tanh never gives what lies beyond 1', () => {
    const { logDet } = new Tanh().inverse(tf.tensor2d([[0.5], [1], [1.5], [-2]]));
    const values = [...readTensor(logDet)];
    expect(values.map(Number.isFinite)).toEqual([true, true, false, false]);
    expect(values.slice(2)).toEqual([-Infinity, -Infinity]);
  });

  test('a permutation reorders, keeps volume and has its inverse and gradient', () => {
    const permutation = new Permutation([2, 0, 1]);
    const x = tf.tensor2d([[10, 20, 30]]);
    const { y, logDet } = permutation.forward(x);
    expect([...readTensor(y)]).toEqual([30, 10, 20]);
    expect([...readTensor(logDet)]).toEqual([0]);
    expect([...readTensor(permutation.inverse(y).y)]).toEqual([10, 20, 30]);
    const weights = tf.tensor2d([[1, 2, 3]]);
    const gradient = tf.grad((a: tf.Tensor) =>
      tf.sum(tf.mul(permutation.forward(a as tf.Tensor2D).y, weights)),
    )(x);
    expect([...readTensor(gradient)]).toEqual([2, 3, 1]);
  });

  test('a mask brings its entries to the front, so that a coupling keeps them', () => {
    const first = Permutation.keptFirst([false, true, false, true]);
    expect(first.order).toEqual([1, 3, 0, 2]);
    const spec = { size: 4, kept: 2, keeps: 'first', hiddenSize: 3, maximumLogScale: 2 } as const;
    const count = 3 * 3 + 4 * 4;
    const coupling = new AffineCoupling({ spec, parameters: tf.fill([count], 0.3) });
    const masked = new Chain([first, coupling, new Inverse(first)]);
    const [a, b, c, d] = readTensor(masked.forward(tf.tensor2d([[1, 2, 3, 4]])).y);
    expect([b, d]).toEqual([2, 4]);
    expect(a).not.toBe(1);
    expect(c).not.toBe(3);
  });

  test('a chain applies in order, inverts in the opposite one and adds up', () => {
    const reverse = new Permutation([1, 0]);
    const spec = { size: 2, kept: 1, keeps: 'first', hiddenSize: 1, maximumLogScale: 2 } as const;
    const coupling = new AffineCoupling({ spec, parameters: tf.tensor1d([0.5, 0.1, 0.7, -0.4, 0.2, 0.3]) });
    const x = tf.tensor2d([[0.4, -0.9]]);
    const chained = new Chain([coupling, reverse, new Tanh()]).forward(x);
    const one = coupling.forward(x);
    const three = new Tanh().forward(reverse.forward(one.y).y);
    expect([...readTensor(chained.y)]).toEqual([...readTensor(three.y)]);
    expect(chained.logDet.dataSync()[0]).toBeCloseTo(
      one.logDet.dataSync()[0]! + three.logDet.dataSync()[0]!,
      6,
    );
    const back = new Chain([coupling, reverse, new Tanh()]).inverse(chained.y);
    const values = readTensor(back.y);
    expect(values[0]).toBeCloseTo(0.4, 5);
    expect(values[1]).toBeCloseTo(-0.9, 5);
  });

  test('new coupling layers are the identity, whatever the context', () => {
    const rng = Rng.fromSeed(1);
    for (const size of [1, 2, 5]) {
      const flow = new Chain(
        couplingLayers({ size, layers: 4, hiddenSize: 6, maximumLogScale: 3 }).map(
          (spec) => new AffineCoupling({ spec, parameters: initialCouplingParameters(spec, rng) }),
        ),
      );
      const x = tf.tensor2d(
        Float32Array.from({ length: 2 * size }, (_, i) => i - 1.5),
        [2, size],
      );
      const { y, logDet } = flow.forward(x, tf.fill([2, 6], 0.7));
      expect([...readTensor(y)]).toEqual([...readTensor(x)]);
      expect([...readTensor(logDet)]).toEqual([0, 0]);
    }
  });
});

test('coupling layers take turns, and an odd size makes the second half longer', () => {
  const options = { layers: 3, hiddenSize: 4, maximumLogScale: 2 };
  const halves = (size: number) =>
    couplingLayers({ size, ...options }).map(({ kept, keeps }) => [kept, keeps]);
  expect(halves(4)).toEqual([
    [2, 'last'],
    [2, 'first'],
    [2, 'last'],
  ]);
  expect(halves(5)).toEqual([
    [3, 'last'],
    [2, 'first'],
    [3, 'last'],
  ]);
  expect(halves(1)).toEqual([
    [0, 'first'],
    [0, 'first'],
    [0, 'first'],
  ]);
});

test.each([-1, 0.5, Number.NaN])('a coupling cannot read its context from column %d on', (contextOffset) => {
  const spec = { size: 2, kept: 1, keeps: 'first', hiddenSize: 1, maximumLogScale: 2 } as const;
  expect(() => new AffineCoupling({ spec, parameters: tf.zeros([6]), contextOffset })).toThrow(
    `contextOffset: expected a whole number of at least 0, got ${contextOffset}`,
  );
});

test('what cannot be a bijector is refused', () => {
  expect(() => new Permutation([0, 0, 1])).toThrow('order: expected each index below 3 once, got [0,0,1]');
  expect(() => new Chain([])).toThrow(InvalidInputError);
  expect(() => couplingLayers({ size: 0, layers: 1, hiddenSize: 1, maximumLogScale: 1 })).toThrow('size:');
});
