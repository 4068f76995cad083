import { readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LogDensity, SamplingNetwork, scoresBeforeSquashing } from './sampling-network.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const MODE = 1.5;
const DEVIATION = 0.5;

/**
 * The density of tanh(u), where u comes with the given probability from N(1.5, 0.5^2) and otherwise from
 * N(-1.5, 0.5^2).
 */
function twoModes(probabilityAbove: number): LogDensity {
  const logMode = (u: tf.Tensor, center: number, weight: number) =>
    tf.sub(Math.log(weight), tf.div(tf.square(tf.sub(u, center)), 2 * DEVIATION ** 2));
  return (_, actions) => {
    const u = tf.atanh(tf.clipByValue(actions, -0.999999, 0.999999));
    const above = logMode(u, MODE, probabilityAbove);
    const below = logMode(u, -MODE, 1 - probabilityAbove);
    // log(exp a + exp b) = a + softplus(b - a)
    const logDensity = tf.add(above, tf.softplus(tf.sub(below, above)));
    return tf.squeeze(tf.sub(logDensity, tf.log1p(tf.neg(tf.square(actions)))), [1]);
  };
}

/** Draws, before squashing, of a sampler trained toward `density`. */
function trainedDraws(density: LogDensity, steps: number, seed = 1): Float32Array {
  const sampler = new SamplingNetwork({
    observationSize: 1,
    actionSize: 1,
    hiddenSizes: [32, 32],
    learningRate: 3e-3,
    fixedParticles: 32,
    updatedParticles: 32,
    rng: Rng.fromSeed(seed),
  });
  const rng = Rng.fromSeed(seed + 100);
  const observations = tf.zeros<tf.Rank.R2>([4, 1]);
  for (let i = 0; i < steps; i++) tf.tidy(() => void sampler.improve(observations, density, rng));
  const draws = tf.tidy(() => readTensor(sampler.draw(tf.zeros([1, 1]), 10_000, rng)));
  observations.dispose();
  sampler.network.dispose();
  sampler.optimizer.dispose();
  return draws;
}

const shareAbove = (draws: Float32Array) => draws.filter((u) => u > 0).length / draws.length;

describe('SamplingNetwork', () => {
  it('finds both of two equal modes, with the right places and widths', () => {
    const draws = trainedDraws(twoModes(0.5), 1200);
    expect(shareAbove(draws)).toBeGreaterThan(0.4);
    expect(shareAbove(draws)).toBeLessThan(0.6);
    for (const side of [-1, 1]) {
      const mode = draws.filter((u) => u * side > 0);
      const mean = mode.reduce((sum, u) => sum + u, 0) / mode.length;
      const deviation = Math.sqrt(mode.reduce((sum, u) => sum + (u - mean) ** 2, 0) / mode.length);
      expect(Math.abs(mean * side - MODE)).toBeLessThan(0.25);
      expect(Math.abs(deviation - DEVIATION)).toBeLessThan(0.2);
    }
  });

  it('gives two modes of weight 0.3 and 0.7 about their shares if they overlap enough', () => {
    // Away from the region where the modes overlap, the score of a mixture says nothing about its weights.
    const share = shareAbove(trainedDraws(twoModes(0.3), 1200));
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  });

  it('starts spread over the whole cube, for any observation', () => {
    const sampler = new SamplingNetwork({
      observationSize: 50,
      actionSize: 2,
      hiddenSizes: [64, 64],
      learningRate: 1e-3,
      fixedParticles: 2,
      updatedParticles: 1,
      rng: Rng.fromSeed(1),
    });
    const draws = tf.tidy(() => readTensor(tf.tanh(sampler.draw(tf.ones([1, 50]), 2000, Rng.fromSeed(2)))));
    // Each of the eight intervals of length 1/4 gets its share.
    for (let bin = 0; bin < 8; bin++) {
      const share = draws.filter((a) => Math.floor((a + 1) * 4) === bin).length / draws.length;
      expect(share).toBeGreaterThan(0.04);
    }
  });

  it('gives every observation its own density', () => {
    const sampler = new SamplingNetwork({
      observationSize: 1,
      actionSize: 1,
      hiddenSizes: [32],
      learningRate: 1e-2,
      fixedParticles: 16,
      updatedParticles: 16,
      rng: Rng.fromSeed(1),
    });
    // Normal around half the observation, with standard deviation 0.1.
    const density: LogDensity = (s, a) => tf.squeeze(tf.mul(-50, tf.square(tf.sub(a, tf.mul(s, 0.5)))), [1]);
    const rng = Rng.fromSeed(3);
    for (let i = 0; i < 400; i++) {
      tf.tidy(() => void sampler.improve(tf.tensor2d([[-1], [0], [1]]), density, rng));
    }
    const draws = tf.tidy(() => readTensor(tf.tanh(sampler.draw(tf.tensor2d([[-1], [0], [1]]), 500, rng))));
    [-0.5, 0, 0.5].forEach((center, state) => {
      const own = draws.subarray(500 * state, 500 * (state + 1));
      const mean = own.reduce((sum, a) => sum + a, 0) / 500;
      const deviation = Math.sqrt(own.reduce((sum, a) => sum + (a - mean) ** 2, 0) / 500);
      expect(Math.abs(mean - center)).toBeLessThan(0.06);
      expect(Math.abs(deviation - 0.1)).toBeLessThan(0.04);
    });
  });
});

describe('scoresBeforeSquashing', () => {
  const quadratic: LogDensity = (_, a) => tf.sum(tf.mul(-3, tf.square(tf.sub(a, 0.4))), 1);
  const scores = (u: number[][]) =>
    readTensor(scoresBeforeSquashing(tf.zeros([u.length, 1]), tf.tensor2d(u), quadratic));

  it('is the gradient of the log-density with its squash correction', () => {
    const points = [
      [0.3, -1.2],
      [-0.7, 2],
    ];
    const logDensity = (u: number) => -3 * (Math.tanh(u) - 0.4) ** 2 + Math.log(1 - Math.tanh(u) ** 2);
    const found = scores(points);
    points.flat().forEach((u, i) => {
      expect(found[i]).toBeCloseTo((logDensity(u + 1e-5) - logDensity(u - 1e-5)) / 2e-5, 4);
    });
  });

  it('is exact where tanh has become 1', () => {
    expect([...scores([[40, -40]])]).toEqual([-2, 2]);
  });
});
