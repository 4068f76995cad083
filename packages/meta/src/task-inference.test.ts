import { readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { divergenceFromPrior, sampleBeliefs } from './beliefs.js';
import { ProductEncoder } from './encoders/product-encoder.js';
import { appendTasks, gradientByTasks, TaskInference } from './task-inference.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const matrix = (rows: readonly (readonly number[])[]) =>
  tensorOf<tf.Rank.R2>(rows.flat(), [rows.length, rows[0]!.length]);

describe('appendTasks', () => {
  it('gives every row the latent of its task, or nothing', () => {
    const observations = matrix([[1], [2], [3], [4]]);
    const states = appendTasks(observations, Float32Array.of(10, 11, 20, 21), 2);
    expect([...readTensor(states)]).toEqual([1, 10, 11, 2, 10, 11, 3, 20, 21, 4, 20, 21]);
    expect(appendTasks(observations, new Float32Array(0), 2)).toBe(observations);
  });

  it("has the sum over a task's rows as the gradient with respect to its latent", () => {
    const ofStates = matrix([
      [9, 1, 10],
      [9, 2, 20],
      [9, 3, 30],
      [9, 4, 40],
    ]);
    expect([...readTensor(gradientByTasks(ofStates, 2, 2))]).toEqual([3, 30, 7, 70]);
  });
});

describe('TaskInference', () => {
  const context = () => {
    const values = new Float32Array(2 * 5 * 3);
    Rng.fromSeed(2).fillNormal(values);
    return tensorOf<tf.Rank.R3>(values, [2, 5, 3]);
  };
  const make = (klWeight: number) => {
    const encoder = new ProductEncoder({
      ...{ rowSize: 3, hiddenSizes: [8], latentSize: 2, includePrior: false },
      rng: Rng.fromSeed(1),
    });
    return { encoder, inference: new TaskInference({ encoder, learningRate: 0.1, klWeight }) };
  };
  const metrics = {};

  it('infers once, and draws a latent of each task from its belief', () => {
    const { encoder, inference } = make(0.3);
    const { mean, variance } = encoder.infer(context());
    const [means, variances] = [readTensor(mean), readTensor(variance)];
    const divergences = readTensor(divergenceFromPrior({ mean, variance }));
    const draws = Rng.fromSeed(3);
    const expected = Array.from(
      means,
      (value, i) => value + Math.sqrt(variances[i]!) * Math.fround(draws.normal()),
    );
    const infer = vi.spyOn(encoder, 'infer');
    const seen: Float32Array[] = [];
    const inferred = inference.learn(context(), Rng.fromSeed(3), (latents) => {
      seen.push(latents);
      return { gradient: tf.zeros([2, 2]), metrics };
    });
    expect(infer).toHaveBeenCalledTimes(1);
    expect(seen).toEqual([inferred.latents]);
    expected.forEach((value, i) => void expect(inferred.latents[i]).toBeCloseTo(value, 5));
    const { klFromPrior } = inferred.metrics as { klFromPrior: tf.Scalar };
    expect(readTensor(klFromPrior)[0]).toBeCloseTo((divergences[0]! + divergences[1]!) / 2, 4);
    inference.dispose();
  });

  it("moves the encoder by the gradient of the critics' loss and half of klWeight times the divergence", () => {
    const { encoder, inference } = make(0.3);
    const gradient = [0.5, -1, 2, 0.25];
    // The same computed with one tape over a loss that is linear in the latents.
    const { gradients } = lossAndGradients(() => {
      const beliefs = encoder.infer(context());
      const draws = new Float32Array(4);
      Rng.fromSeed(3).fillNormal(draws);
      const latents = sampleBeliefs(beliefs, tensorOf<tf.Rank.R2>(draws, [2, 2]));
      const linear = tf.sum(tf.mul(latents, tensorOf(gradient, [2, 2])));
      return tf.add(linear, tf.mul(tf.sum(divergenceFromPrior(beliefs)), 0.15));
    }, encoder.variables);
    const expected = readTensor(gradients[0]!);
    const before = readTensor(encoder.variables[0]!);
    inference.learn(context(), Rng.fromSeed(3), () => ({
      gradient: tensorOf<tf.Rank.R2>(gradient, [2, 2]),
      metrics,
    }));
    const { arrays } = inference.save();
    const moments = Object.entries(arrays).filter(([name]) => name.startsWith('encoderOptimizer'));
    // Adam's first moment after one step is a tenth of the gradient.
    const first = moments.map(([, { data }]) => data).find((data) => data.length === expected.length)!;
    expected.forEach((value, i) => void expect(first[i]).toBeCloseTo(0.1 * value, 4));
    expect(readTensor(encoder.variables[0]!)).not.toEqual(before);
    inference.dispose();
  });
});
