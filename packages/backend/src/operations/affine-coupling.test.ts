import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { expectTensorsClose, tensorFrom } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, useImplementation } from '../testing/kernel-builds.js';
import { type AffineCouplingSpec, affineCoupling, affineCouplingParameterCount } from './affine-coupling.js';

afterEach(() => useFusedKernels(true));

const layer = fc
  .record({
    batch: fc.constantFrom(1, 2, 5, 19),
    size: fc.integer({ min: 1, max: 17 }),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
    keeps: fc.constantFrom<'first' | 'last'>('first', 'last'),
    hiddenSize: fc.constantFrom(1, 3, 4, 7, 32),
    maximumLogScale: fc.constantFrom(0.5, 3),
    contextOffset: fc.constantFrom(undefined, 0, 5),
    inverse: fc.boolean(),
  })
  .map(({ batch, contextOffset, inverse, share, ...rest }) => ({
    batch,
    contextOffset,
    inverse,
    spec: { ...rest, kept: Math.floor(share * rest.size) } satisfies AffineCouplingSpec,
  }));

describe.each(implementations)('affineCoupling, %s', { timeout: 120_000 }, (implementation) => {
  test('fused and composed agree in values and in every gradient, alone and together', async (ctx) => {
    await useImplementation(implementation, ctx);
    fc.assert(
      fc.property(layer, ({ batch, contextOffset, inverse, spec }) => {
        tf.tidy(() => {
          const x = tf.mul(tensorFrom<tf.Rank.R2>(1, [batch, spec.size]), 2);
          const parameters = tensorFrom<tf.Rank.R1>(2, [affineCouplingParameterCount(spec)]);
          const context = tensorFrom<tf.Rank.R2>(3, [batch, spec.hiddenSize + 9]);
          const apply = (a: tf.Tensor, p: tf.Tensor, c: tf.Tensor) =>
            affineCoupling(a, p, spec, {
              inverse,
              ...(contextOffset !== undefined && { context: c as tf.Tensor2D, contextOffset }),
            });
          expectSame(() => {
            const { y, logDet } = apply(x, parameters, context);
            return [y, logDet];
          });
          const weights = tensorFrom<tf.Rank.R2>(4, [batch, spec.size]);
          const rowWeights = tensorFrom<tf.Rank.R1>(5, [batch]);
          const objective = (a: tf.Tensor, p: tf.Tensor, c: tf.Tensor) => {
            const { y, logDet } = apply(a, p, c);
            return tf.add(tf.sum(tf.mul(y, weights)), tf.sum(tf.mul(logDet, rowWeights)));
          };
          expectSame(() => [tf.grad((a: tf.Tensor) => objective(a, parameters, context))(x)]);
          expectSame(() => [tf.grad((p: tf.Tensor) => objective(x, p, context))(parameters)]);
          if (contextOffset === undefined) return;
          expectSame(() => [tf.grad((c: tf.Tensor) => objective(x, parameters, c))(context)]);
          expectSame(() => tf.grads(objective)([x, parameters, context]));
        });
      }),
      { seed: 7, numRuns: 80 },
    );
  });

  test('two layers that share a context do not disturb each other', async (ctx) => {
    await useImplementation(implementation, ctx);
    const first: AffineCouplingSpec = { size: 5, kept: 2, keeps: 'first', hiddenSize: 6, maximumLogScale: 2 };
    const second: AffineCouplingSpec = { ...first, kept: 3, keeps: 'last' };
    const inputs = [
      tensorFrom<tf.Rank.R2>(1, [7, 5]),
      tensorFrom<tf.Rank.R1>(2, [affineCouplingParameterCount(first)]),
      tensorFrom<tf.Rank.R1>(3, [affineCouplingParameterCount(second)]),
      tensorFrom<tf.Rank.R2>(4, [7, 12]),
    ];
    expectSame(() =>
      tf.grads((x: tf.Tensor, p: tf.Tensor, q: tf.Tensor, c: tf.Tensor) => {
        const context = c as tf.Tensor2D;
        const a = affineCoupling(x, p, first, { context });
        const b = affineCoupling(a.y, q, second, { context, contextOffset: 6 });
        return tf.add(tf.sum(tf.square(b.y)), tf.sum(tf.mul(a.logDet, b.logDet)));
      })(inputs),
    );
  });

  test('a gradient of a gradient falls back to the composed operations', async (ctx) => {
    await useImplementation(implementation, ctx);
    const spec: AffineCouplingSpec = { size: 3, kept: 1, keeps: 'first', hiddenSize: 4, maximumLogScale: 2 };
    const x = tensorFrom<tf.Rank.R2>(1, [4, 3]);
    const parameters = tensorFrom<tf.Rank.R1>(2, [affineCouplingParameterCount(spec)]);
    const slope = (p: tf.Tensor) =>
      tf.grad((a: tf.Tensor) => tf.sum(tf.square(affineCoupling(a, p, spec).y)))(x);
    expectSame(() => [tf.grad((p: tf.Tensor) => tf.sum(tf.square(slope(p))))(parameters)]);
  });

  test('the inverse undoes the map', async (ctx) => {
    await useImplementation(implementation, ctx);
    const spec: AffineCouplingSpec = { size: 7, kept: 4, keeps: 'last', hiddenSize: 8, maximumLogScale: 2 };
    const x = tf.mul(tensorFrom<tf.Rank.R2>(1, [30, 7]), 3);
    const parameters = tensorFrom<tf.Rank.R1>(2, [affineCouplingParameterCount(spec)]);
    const there = affineCoupling(x, parameters, spec);
    const back = affineCoupling(there.y, parameters, spec, { inverse: true });
    expectTensorsClose(back.y, x, 1e-5);
    expectTensorsClose(tf.neg(back.logDet), there.logDet, 1e-5);
  });
});

describe('affineCoupling', () => {
  const spec: AffineCouplingSpec = { size: 2, kept: 1, keeps: 'first', hiddenSize: 1, maximumLogScale: 2 };

  test('is what its formula says', () => {
    const [w1, b1, w2s, w2t, b2s, b2t] = [0.5, -0.25, 0.75, -1.5, 0.1, 0.2] as const;
    const parameters = tf.tensor1d([w1, b1, w2s, w2t, b2s, b2t]);
    const [a, b, c] = [0.3, -2, 0.4];
    const hidden = Math.tanh(a * w1 + b1 + c);
    const s = 2 * Math.tanh((hidden * w2s + b2s) / 2);
    const { y, logDet } = affineCoupling(tf.tensor2d([[a, b]]), parameters, spec, {
      context: tf.tensor2d([[c]]),
    });
    const [first, second] = y.dataSync();
    expect(first).toBeCloseTo(a, 6);
    expect(second).toBeCloseTo(b * Math.exp(s) + hidden * w2t + b2t, 5);
    expect(logDet.dataSync()[0]).toBeCloseTo(s, 6);
  });

  test.each([
    ['kept', { ...spec, kept: 2 }, [1, 2], 6],
    ['maximumLogScale', { ...spec, maximumLogScale: 0 }, [1, 2], 6],
    ['x', spec, [1, 3], 6],
    ['parameters', spec, [1, 2], 5],
  ] as const)('refuses a wrong %s', (field, wrong, shape, count) => {
    expect(() => affineCoupling(tf.zeros([...shape]), tf.zeros([count]), wrong)).toThrow(InvalidInputError);
    expect(() => affineCoupling(tf.zeros([...shape]), tf.zeros([count]), wrong)).toThrow(`${field}:`);
  });

  test('refuses a context that is too narrow', () => {
    const context = tf.zeros<tf.Rank.R2>([1, 2]);
    expect(() =>
      affineCoupling(tf.zeros([1, 2]), tf.zeros([6]), spec, { context, contextOffset: 2 }),
    ).toThrow('context:');
  });

  test.each([-1, 0.5, Number.NaN])('refuses a context from column %d on', (contextOffset) => {
    const context = tf.zeros<tf.Rank.R2>([1, 2]);
    expect(() => affineCoupling(tf.zeros([1, 2]), tf.zeros([6]), spec, { context, contextOffset })).toThrow(
      'contextOffset:',
    );
  });
});
