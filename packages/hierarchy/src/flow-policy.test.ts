import { readScalar, readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng, SnapshotMismatchError } from '@maxent/core';
import { DiagonalNormal } from '@maxent/distributions';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { numericalLogDet } from '../../distributions/src/bijectors/test-support/double-precision.js';
import { FlowPolicy, type FlowPolicyOptions } from './flow-policy.js';
import { policyInDouble } from './test-support/policy-in-double.js';
import { randomize } from './test-support/randomize.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

function make(options: Partial<FlowPolicyOptions> = {}): FlowPolicy {
  return new FlowPolicy({
    observationSize: 3,
    actionSize: 4,
    hiddenSizes: [16],
    couplingLayers: 3,
    couplingHiddenSize: 8,
    maximumLogScale: 3,
    squashed: false,
    rng: Rng.fromSeed(1),
    ...options,
  });
}

const normal = (shape: [number, number], seed: number): tf.Tensor2D => {
  const values = new Float32Array(shape[0] * shape[1]);
  Rng.fromSeed(seed).fillNormal(values);
  return tf.tensor2d(values, shape);
};

describe('FlowPolicy', () => {
  it('starts as the prior of latents, or as tanh of it if squashed', () => {
    tf.tidy(() => {
      const [latents, states] = [normal([6, 4], 2), normal([6, 3], 3)];
      expect(readTensor(make().forward(latents, states))).toEqual(readTensor(latents));
      expect(readTensor(make({ squashed: true }).forward(latents, states))).toEqual(
        readTensor(tf.tanh(latents)),
      );
      // It equals its prior, so the divergence is 0 everywhere.
      const { logRatio } = make().at(states).sample(Rng.fromSeed(1));
      for (const value of readTensor(logRatio)) expect(value).toBeCloseTo(0, 6);
    });
  });

  it.each([1, 2, 5])(
    'scores %i-dimensional samples by the difference of their log-density and the log-density of the prior',
    (actionSize) => {
      tf.tidy(() => {
        const states = normal([7, 3], 3);
        for (const squashed of [false, true]) {
          const policy = randomize(make({ actionSize, squashed }), 0.4);
          const { action, logRatio } = policy.at(states).sample(Rng.fromSeed(5));
          const density = readTensor(policy.logProb(action, states));
          const prior = new DiagonalNormal({ mean: tf.zeros([actionSize]), std: tf.ones([actionSize]) });
          const priorDensity = readTensor(prior.logProb(action));
          for (const [i, value] of readTensor(logRatio).entries()) {
            const expected = density[i]! - (squashed ? 0 : priorDensity[i]!);
            expect(Math.abs(value - expected)).toBeLessThan(2e-3 * Math.max(1, Math.abs(expected)));
          }
        }
      });
    },
  );

  it.each([
    [1, false],
    [1, true],
    [2, false],
    [5, false],
    [5, true],
    [17, true],
  ])('has the density of its numerical Jacobian: %i entries, squashed %s', (actionSize, squashed) => {
    const policy = randomize(make({ actionSize, squashed }), 0.2);
    // Close enough to 0 that float32 does not round the tanh to 1.
    const latents = tf.mul<tf.Tensor2D>(normal([4, actionSize], 2), 0.5);
    const states = normal([4, 3], 3);
    const actions = policy.forward(latents, states);
    const densities = readTensor(policy.logProb(actions, states));
    const rows = [latents, states, actions].map((tensor) => tensor.arraySync());
    for (const [row, density] of densities.entries()) {
      const [latent, state, action] = rows.map((values) => values[row]!) as [number[], number[], number[]];
      const { forward, inverse } = policyInDouble(policy, state);
      for (const [i, value] of forward(latent).entries()) {
        expect(Math.abs(action[i]! - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      }
      // At the action rounded to float32, whose latent differs slightly from the one above.
      const h = inverse(action);
      const logNormal = h.reduce((sum, x) => sum - 0.5 * (x * x + Math.log(2 * Math.PI)), 0);
      expect(Math.abs(density - (logNormal - numericalLogDet(forward, h)))).toBeLessThan(1e-4);
    }
  });

  it.each([
    ['in 1 dimension', 1, false],
    ['in (-1, 1)', 1, true],
    ['in 2 dimensions', 2, false],
    ['in (-1, 1)^2', 2, true],
  ])('has a density that integrates to 1 %s', (_, actionSize, squashed) => {
    const policy = randomize(make({ actionSize, squashed }), 0.2);
    // Squashed actions through x = tanh u, dx = (1 - x^2) du: near the bounds the density is narrow.
    const [edge, count] = squashed ? [7, 250] : [12, 300];
    const width = (2 * edge) / count;
    const axis = Array.from({ length: count }, (_, i) => {
      const u = (i + 0.5) * width - edge;
      return squashed ? { x: Math.tanh(u), weight: 1 / Math.cosh(u) ** 2 } : { x: u, weight: 1 };
    });
    const points = axis.flatMap(({ x, weight }) =>
      actionSize === 1
        ? [{ x: [x], weight }]
        : axis.map((other) => ({ x: [x, other.x], weight: weight * other.weight })),
    );
    const total = tf.tidy(() => {
      const states = tf.tile(tf.tensor2d([[0.5, -1, 0.3]]), [points.length, 1]) as tf.Tensor2D;
      const density = tf.exp(policy.logProb(tf.tensor2d(points.map(({ x }) => x)), states));
      return readScalar(tf.sum(tf.mul(density, tf.tensor1d(points.map(({ weight }) => weight)))));
    });
    expect(total * width ** actionSize).toBeCloseTo(1, 2);
  });

  it('inverts, depends on the state, and has the image of 0 as its mode', () => {
    tf.tidy(() => {
      const policy = randomize(make(), 0.4);
      const [latents, states] = [normal([6, 4], 2), normal([6, 3], 3)];
      const actions = policy.forward(latents, states);
      const back = readTensor(policy.inverse(actions, states));
      for (const [i, value] of readTensor(latents).entries()) expect(back[i]).toBeCloseTo(value, 4);
      expect(readTensor(policy.forward(latents, tf.zeros([6, 3])))).not.toEqual(readTensor(actions));
      expect(readTensor(policy.at(states).mode())).toEqual(
        readTensor(policy.forward(tf.zeros([6, 4]), states)),
      );
    });
  });

  it('shares no memory with a snapshot that it has loaded', () => {
    const snapshot = randomize(make(), 0.4).save();
    const policy = make();
    policy.load(snapshot);
    tf.tidy(() => {
      const [latents, states] = [normal([6, 4], 5), normal([6, 3], 6)];
      const before = readTensor(policy.forward(latents, states));
      for (const { data } of Object.values(snapshot.arrays)) data.fill(0);
      expect(readTensor(policy.forward(latents, states))).toEqual(before);
    });
  });

  it('comes back from a snapshot, and refuses snapshots of other policies', () => {
    const policy = randomize(make(), 0.4);
    const copy = make({ rng: Rng.fromSeed(9) });
    copy.load(policy.save());
    tf.tidy(() => {
      const [latents, states] = [normal([6, 4], 2), normal([6, 3], 3)];
      expect(readTensor(copy.forward(latents, states))).toEqual(readTensor(policy.forward(latents, states)));
    });
    for (const other of [
      { couplingLayers: 2 },
      { couplingLayers: 4 },
      { couplingHiddenSize: 7 },
      { hiddenSizes: [8] },
    ]) {
      expect(() => make(other).load(policy.save()), JSON.stringify(other)).toThrow(SnapshotMismatchError);
    }
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const policy = make();
    const during = tf.memory().numTensors;
    tf.tidy(() => void policy.at(tf.zeros([2, 3])).sample(Rng.fromSeed(1)));
    expect(tf.memory().numTensors).toBe(during);
    policy.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('fits two modes at less than half the divergence of the best Gaussian', { timeout: 120_000 }, () => {
    // Two normals in the plane at distance 3, with standard deviation 0.6.
    const centers = [
      [1.5, 0.5],
      [-1.5, -0.5],
    ] as const;
    const deviation = 0.6;
    const logTarget = (x: tf.Tensor): tf.Tensor => {
      const parts = centers.map((center) =>
        new DiagonalNormal({ mean: tf.tensor1d([...center]), std: tf.fill([2], deviation) }).logProb(x),
      );
      return tf.sub(tf.logSumExp(tf.stack(parts), 0), Math.LN2);
    };
    const batch = 128;
    const states = tf.zeros<tf.Rank.R2>([batch, 1]);
    const policy = make({ observationSize: 1, actionSize: 2, couplingLayers: 6, couplingHiddenSize: 16 });
    const optimizer = new Adam(policy.variables, { learningRate: 1e-2 });
    const rng = Rng.fromSeed(4);
    const divergence = (): tf.Scalar => {
      const { action, logRatio } = policy.at(states).sample(rng);
      const prior = new DiagonalNormal({ mean: tf.zeros([2]), std: tf.ones([2]) });
      return tf.mean(tf.sub(tf.add(logRatio, prior.logProb(action)), logTarget(action)));
    };
    for (let step = 0; step < 400; step++) {
      tf.tidy(() => optimizer.step(lossAndGradients(divergence, policy.variables).gradients));
    }
    let sum = 0;
    for (let i = 0; i < 20; i++) sum += readScalar(tf.tidy(divergence));
    const flow = sum / 20;
    optimizer.dispose();
    const gaussian = bestGaussianDivergence(Math.hypot(...centers[0]), deviation);
    // Neither near log 2, which covering one mode alone would give, nor far below it.
    expect(gaussian).toBeGreaterThan(0.5);
    expect(gaussian).toBeLessThan(Math.LN2);
    expect(flow).toBeLessThan(gaussian / 2);
  });
});

/**
 * The least KL divergence of any Gaussian from the equal mixture of two normals with this standard deviation at
 * +-center along a line. Across the line the mixture is one normal, independent of the position along it. The best
 * Gaussian agrees with it there: for given marginals its entropy is largest without correlation. What is left is a
 * divergence along the line, computed by the rectangle rule for a grid of means and standard deviations.
 */
function bestGaussianDivergence(center: number, deviation: number): number {
  const logNormal = (x: number, mean: number, spread: number) =>
    -0.5 * ((x - mean) / spread) ** 2 - Math.log(spread) - 0.5 * Math.log(2 * Math.PI);
  const width = 0.05;
  const divergence = (mean: number, spread: number): number => {
    let sum = 0;
    for (let x = mean - 8 * spread; x < mean + 8 * spread; x += width * spread) {
      const logQ = logNormal(x, mean, spread);
      const [near, far] = [logNormal(x, center, deviation), logNormal(x, -center, deviation)];
      const logP = Math.max(near, far) + Math.log1p(Math.exp(-Math.abs(near - far))) - Math.LN2;
      sum += Math.exp(logQ) * (logQ - logP) * width * spread;
    }
    return sum;
  };
  let least = Infinity;
  for (let mean = 0; mean <= 1.2 * center; mean += 0.05) {
    for (let spread = 0.3; spread <= 2.5; spread += 0.05) least = Math.min(least, divergence(mean, spread));
  }
  return least;
}
