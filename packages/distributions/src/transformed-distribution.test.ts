import { readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Chain } from './bijectors/chain.js';
import { Tanh } from './bijectors/tanh.js';
import { randomFlow } from './bijectors/test-support/random-flow.js';
import { DiagonalNormal } from './diagonal-normal.js';
import { NoClosedFormError } from './no-closed-form-error.js';
import { TransformedDistribution } from './transformed-distribution.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const standardNormal = (batch: number, size: number) =>
  new DiagonalNormal({ mean: tf.zeros([batch, size]), std: tf.ones([size]) });

/** Integral of exp(logProb) by the midpoint rule over cells that are evenly spaced before squashing. */
function integral(size: 1 | 2, squash: boolean): number {
  return tf.tidy(() => {
    const rng = Rng.fromSeed(3);
    const { flow } = randomFlow({ size, layers: 4, batch: 1, contextual: false, spread: 0.5, rng });
    const bijector = squash ? new Chain([flow, new Tanh()]) : flow;
    const limit = squash ? 8 : 30;
    const cells = 600;
    const edges = Array.from({ length: cells + 1 }, (_, i) => limit * ((2 * i) / cells - 1)).map((edge) =>
      squash ? Math.tanh(edge) : edge,
    );
    const axis = Array.from({ length: cells }, (_, i) => ({
      middle: (edges[i]! + edges[i + 1]!) / 2,
      width: edges[i + 1]! - edges[i]!,
    }));
    const points =
      size === 1
        ? axis.map(({ middle, width }) => ({ point: [middle], volume: width }))
        : axis.flatMap((x) => axis.map((y) => ({ point: [x.middle, y.middle], volume: x.width * y.width })));
    const density = new TransformedDistribution({ base: standardNormal(points.length, size), bijector });
    const logProb = readTensor(density.logProb(tf.tensor2d(points.map(({ point }) => point))));
    return points.reduce((sum, { volume }, i) => sum + volume * Math.exp(logProb[i]!), 0);
  });
}

describe('TransformedDistribution', () => {
  test.each([
    [1, false],
    [2, false],
    [1, true],
    [2, true],
  ] as const)('a flow in %i dimensions has total probability 1, squashed: %s', (size, squash) => {
    expect(Math.abs(integral(size, squash) - 1)).toBeLessThan(2e-3);
  });

  test('scores its own samples as it drew them, with a context and leading dimensions', () => {
    tf.tidy(() => {
      const rng = Rng.fromSeed(5);
      const { flow, context } = randomFlow({
        size: 3,
        layers: 3,
        batch: 4,
        contextual: true,
        spread: 0.4,
        rng,
      });
      const flowDistribution = new TransformedDistribution({
        base: standardNormal(4, 3),
        bijector: flow,
        context,
      });
      for (const sampleShape of [[], [2], [2, 3]]) {
        const { sample, logProb } = flowDistribution.sampleAndLogProb(Rng.fromSeed(1), sampleShape);
        expect(sample.shape).toEqual([...sampleShape, 4, 3]);
        expect(logProb.shape).toEqual([...sampleShape, 4]);
        const again = readTensor(flowDistribution.logProb(sample));
        for (const [i, value] of readTensor(logProb).entries()) expect(again[i]).toBeCloseTo(value, 4);
        expect(readTensor(flowDistribution.sample(Rng.fromSeed(1), sampleShape))).toEqual(readTensor(sample));
      }
      const shared = flowDistribution.logProb(tf.tensor1d([0.1, 0.2, 0.3]));
      expect(shared.shape).toEqual([4]);
      expect(new Set(readTensor(shared)).size).toBe(4);
      expect(flowDistribution.mode().shape).toEqual([4, 3]);
      expect(() => flowDistribution.entropy()).toThrow(NoClosedFormError);
    });
  });

  test('needs a batch of vectors', () => {
    const base = new DiagonalNormal({ mean: tf.zeros([2, 3, 4]), std: tf.ones([4]) });
    expect(() => new TransformedDistribution({ base, bijector: new Tanh() })).toThrow(
      'base: expected batchShape',
    );
  });
});
