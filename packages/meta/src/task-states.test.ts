import { readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { divergenceFromPrior } from './beliefs.js';
import { ProductEncoder } from './encoders/product-encoder.js';
import { appendTasks, InferredTasks } from './task-states.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const matrix = (rows: readonly (readonly number[])[]) =>
  tensorOf<tf.Rank.R2>(rows.flat(), [rows.length, rows[0]!.length]);

describe('appendTasks', () => {
  it('gives every row the latent of its task', () => {
    const states = appendTasks(
      matrix([[1], [2], [3], [4]]),
      matrix([
        [10, 11],
        [20, 21],
      ]),
    );
    expect([...readTensor(states)]).toEqual([1, 10, 11, 2, 10, 11, 3, 20, 21, 4, 20, 21]);
  });

  it("adds up the gradients of a task's rows", () => {
    const latents = tf.variable(matrix([[0], [0]]));
    const weights = matrix([
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4],
    ]);
    const { gradients } = lossAndGradients(
      () => tf.sum(tf.mul(appendTasks(matrix([[1], [1], [1], [1]]), latents), weights)) as tf.Scalar,
      [latents],
    );
    expect([...readTensor(gradients[0]!)]).toEqual([3, 7]);
  });
});

describe('InferredTasks', () => {
  it('draws once for a gradient step, and weighs the divergence by half of klWeight over all tasks', () => {
    const encoder = new ProductEncoder({
      ...{ rowSize: 3, hiddenSizes: [8], latentSize: 2, includePrior: false },
      rng: Rng.fromSeed(1),
    });
    const optimizer = new Adam(encoder.variables, { learningRate: 0.1 });
    const values = new Float32Array(2 * 5 * 3);
    Rng.fromSeed(2).fillNormal(values);
    const context = tensorOf<tf.Rank.R3>(values, [2, 5, 3]);
    const noise = Rng.fromSeed(3);
    const tasks = new InferredTasks({ encoder, optimizer, latentSize: 2, klWeight: 0.3, context, noise });
    const observations = matrix([[1], [2], [3], [4]]);
    const [first, second] = [tasks.complete(), tasks.complete()].map((states) => [
      ...readTensor(states.of(observations)),
    ]);
    expect(second).toEqual(first);
    const { mean, variance } = encoder.infer(context);
    const draws = Rng.fromSeed(3);
    const z = Array.from(
      readTensor(mean),
      (value, i) => value + Math.sqrt(readTensor(variance)[i]!) * Math.fround(draws.normal()),
    );
    // Rows 0 and 1 are of the first task, 2 and 3 of the second.
    z.forEach((value, i) => {
      const row = 2 * Math.floor(i / 2);
      expect(first![row * 3 + 1 + (i % 2)]).toBeCloseTo(value, 5);
    });
    const divergences = readTensor(divergenceFromPrior({ mean, variance }));
    expect(readTensor(tasks.complete().penalty())[0]).toBeCloseTo(
      0.15 * (divergences[0]! + divergences[1]!),
      4,
    );
    const before = readTensor(encoder.variables[0]!);
    tasks.learn([tf.onesLike(encoder.variables[0]!)]);
    expect(readTensor(encoder.variables[0]!)[0]).toBeCloseTo(before[0]! - 0.1, 5);
  });
});
