import { InvalidInputError, Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';
import { countTensors } from '../tensors.js';
import { expectClose, tensorFrom } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, useImplementation } from '../testing/kernel-builds.js';
import { importanceSoftValue, mixtureProposals } from './proposals.js';

afterEach(() => useFusedKernels(true));

const logSumExp = (x: readonly number[]): number => {
  const largest = Math.max(...x);
  return largest + Math.log(x.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};

/** log of the mixture's density at tanh(raw), in double precision. */
function logDensityInDouble(raw: readonly number[], draws: readonly number[][], perState: number): number {
  const n = draws.length;
  const size = raw.length;
  const centers = draws.map((row) => row.map((u) => Math.min(Math.max(u, -4), 4)));
  const deviations = raw.map((_, i) => {
    const own = centers.map((row) => row[i]!);
    const mean = own.reduce((a, b) => a + b) / n;
    const variance = own.reduce((sum, u) => sum + (u - mean) ** 2, 0) / n;
    return Math.max(n ** (-1 / (size + 4)) * Math.sqrt(variance), 0.05);
  });
  const logSlope = raw.reduce(
    (sum, u) => sum + 2 * (Math.LN2 - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u)))),
    0,
  );
  const kernels = centers.map((center) =>
    raw.reduce(
      (sum, u, i) =>
        sum -
        ((u - center[i]!) / deviations[i]!) ** 2 / 2 -
        Math.log(deviations[i]!) -
        0.5 * Math.log(2 * Math.PI),
      -logSlope - Math.log(perState),
    ),
  );
  return logSumExp([...kernels, Math.log((perState - n) / perState) - size * Math.LN2]);
}

const normal = (shape: [number, number, number], seed: number, spread = 1) => {
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  Rng.fromSeed(seed).fillNormal(values, 0, spread);
  return tf.tensor3d(values, shape);
};

describe.each(implementations)('%s', { timeout: 120_000 }, (implementation) => {
  test('importanceSoftValue is a log-mean-exp for any numbers of critics and proposals', async (context) => {
    await useImplementation(implementation, context);
    const sizes = fc.record({
      members: fc.constantFrom(1, 2, 3),
      states: fc.integer({ min: 1, max: 9 }),
      perState: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16)),
      temperature: fc.constantFrom(0.02, 1, 5),
      scale: fc.constantFrom(1, 300),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(sizes, ({ members, states, perState, temperature, scale, seed }) => {
        tf.tidy(() => {
          const rows = states * perState;
          const values = tf.mul(tensorFrom<tf.Rank.R3>(seed, [members, rows, 1]), scale);
          const logDensities = tensorFrom<tf.Rank.R1>(seed + 1, [rows]);
          const inputs = { values, logDensities, perState, temperature };
          const [q, log] = [values.dataSync(), logDensities.dataSync()];
          const expected = Array.from({ length: states }, (_, state) => {
            const weights = Array.from({ length: perState }, (__, k) => {
              const row = state * perState + k;
              const smallest = Math.min(...Array.from({ length: members }, (___, m) => q[m * rows + row]!));
              return smallest / temperature - log[row]!;
            });
            return temperature * (logSumExp(weights) - Math.log(perState));
          });
          expectClose(importanceSoftValue(inputs).dataSync(), expected, 1e-5);
          expectSame(() => [importanceSoftValue(inputs)]);
          if (members === 1) {
            const single = tf.reshape(values, [rows, 1]);
            expectSame(() => [importanceSoftValue({ ...inputs, values: single })]);
          }
        });
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  test('mixtureProposals gives actions with the density of their mixture, for any sizes', async (context) => {
    await useImplementation(implementation, context);
    const sizes = fc.record({
      states: fc.integer({ min: 1, max: 4 }),
      drawsPerState: fc.integer({ min: 1, max: 9 }),
      others: fc.integer({ min: 1, max: 9 }),
      size: fc.integer({ min: 1, max: 7 }),
      spread: fc.constantFrom(0.01, 1, 6),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(sizes, ({ states, drawsPerState, others, size, spread, seed }) => {
        tf.tidy(() => {
          const inputs = {
            draws: normal([states, drawsPerState, size], seed, spread),
            noise: normal([states, drawsPerState, size], seed + 1000),
            uniforms: tensorFrom<tf.Rank.R3>(seed, [states, others, size]),
          };
          const perState = drawsPerState + others;
          const { actions, logDensities } = mixtureProposals(inputs);
          expect(actions.shape).toEqual([states * perState, size]);
          const found = actions.arraySync();
          const draws = inputs.draws.arraySync();
          const uniforms = inputs.uniforms.arraySync();
          const logs = logDensities.dataSync();
          for (let state = 0; state < states; state++) {
            const own = found.slice(state * perState, (state + 1) * perState);
            expectClose(own.slice(drawsPerState).flat(), uniforms[state]!.flat(), 1e-6);
            // At the edge, where tanh is 1 in float32, raw values cannot be told from actions.
            const inside = own.map((action) => action.every((a) => Math.abs(a) < 0.999));
            own.forEach((action, k) => {
              if (!inside[k]) return;
              const expected = logDensityInDouble(action.map(Math.atanh), draws[state]!, perState);
              // Kernels may be as narrow as 0.05: a rounding error in raw counts 20 times.
              expect(Math.abs(logs[state * perState + k]! - expected)).toBeLessThan(
                2e-3 * Math.max(1, Math.abs(expected)),
              );
            });
          }
          expectSame(() => Object.values(mixtureProposals(inputs)), 2e-4);
        });
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  test('draws far out and points on the edge of the cube have finite densities', async (context) => {
    await useImplementation(implementation, context);
    const { actions, logDensities } = mixtureProposals({
      draws: tf.tensor3d([50, -50, 0, 3], [1, 2, 2]),
      noise: tf.tensor3d([5, -5, 0, 0], [1, 2, 2]),
      uniforms: tf.tensor3d([1, -1, 0, 1], [1, 2, 2]),
    });
    for (const value of actions.dataSync()) expect(Math.abs(value)).toBeLessThanOrEqual(1);
    for (const value of logDensities.dataSync()) expect(Number.isFinite(value)).toBe(true);
  });

  test('no gradient flows through them, and no tensor is left behind', async (context) => {
    await useImplementation(implementation, context);
    const inputs = {
      draws: normal([2, 3, 2], 1),
      noise: normal([2, 3, 2], 2),
      uniforms: tensorFrom<tf.Rank.R3>(3, [2, 2, 2]),
    };
    const values = tensorFrom<tf.Rank.R2>(4, [10, 1]);
    const run = () => {
      const gradient = tf.grad((draws: tf.Tensor) => {
        const { actions, logDensities } = mixtureProposals({ ...inputs, draws: draws as tf.Tensor3D });
        const soft = importanceSoftValue({ values, logDensities, perState: 5, temperature: 1 });
        return tf.addN([tf.sum(draws), tf.sum(actions), tf.sum(soft)]);
      })(inputs.draws);
      expect([...gradient.dataSync()]).toEqual(Array(12).fill(1));
      tf.dispose([gradient, mixtureProposals(inputs)]);
    };
    run();
    const before = countTensors();
    run();
    expect(countTensors()).toBe(before);
  });
});

const logDensities = () => tf.zeros<tf.Rank.R1>([6]);
const values = () => tf.zeros([2, 6, 1]);
const cube = (...shape: [number, number, number]) => tf.zeros(shape) as tf.Tensor3D;
test.each<[string, () => unknown]>([
  [
    'values',
    () =>
      importanceSoftValue({
        values: tf.zeros([2, 5, 1]),
        logDensities: logDensities(),
        perState: 2,
        temperature: 1,
      }),
  ],
  [
    'perState',
    () =>
      importanceSoftValue({ values: values(), logDensities: logDensities(), perState: 4, temperature: 1 }),
  ],
  [
    'temperature',
    () =>
      importanceSoftValue({ values: values(), logDensities: logDensities(), perState: 2, temperature: 0 }),
  ],
  ['draws', () => mixtureProposals({ draws: cube(2, 0, 3), noise: cube(2, 0, 3), uniforms: cube(2, 1, 3) })],
  ['noise', () => mixtureProposals({ draws: cube(2, 2, 3), noise: cube(2, 1, 3), uniforms: cube(2, 1, 3) })],
  [
    'uniforms',
    () => mixtureProposals({ draws: cube(2, 2, 3), noise: cube(2, 2, 3), uniforms: cube(2, 1, 2) }),
  ],
])('unusable input is named: %s', async (field, call) => {
  await selectBackend({ prefer: 'cpu' });
  expect(call).toThrow(InvalidInputError);
  expect(call).toThrow(field);
});
