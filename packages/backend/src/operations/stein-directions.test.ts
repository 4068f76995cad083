import { InvalidInputError, Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';
import { countTensors } from '../tensors.js';
import { expectClose } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, useImplementation } from '../testing/kernel-builds.js';
import { steinDirections } from './stein-directions.js';

afterEach(() => useFusedKernels(true));

/** One state after another, each a list of particles. */
type Particles = readonly (readonly (readonly number[])[])[];

const directionsOf = (fixed: Particles, scores: Particles, updated: Particles): tf.Tensor3D =>
  steinDirections({
    ...{ fixed: tf.tensor3d(fixed as number[][][]), scores: tf.tensor3d(scores as number[][][]) },
    updated: tf.tensor3d(updated as number[][][]),
  }).directions;

function drawn({ states, count, size }: { states: number; count: number; size: number }, seed: number) {
  const rng = Rng.fromSeed(seed);
  const values = new Float32Array(states * count * size);
  rng.fillNormal(values);
  return tf.tensor3d(values, [states, count, size]);
}

/** The formula in double precision, of one state: h, and the direction of each updated particle. */
function inDouble(fixed: readonly number[][], scores: readonly number[][], updated: readonly number[][]) {
  const distance = (x: number[], y: number[]) => x.reduce((sum, value, k) => sum + (value - y[k]!) ** 2, 0);
  const distances = updated.flatMap((y) => fixed.map((x) => distance(x, y))).sort((a, b) => a - b);
  const upper = distances.length >> 1;
  const median =
    distances.length % 2 === 1 ? distances[upper]! : (distances[upper - 1]! + distances[upper]!) / 2;
  const h = Math.max(median / Math.log(fixed.length), 1e-3);
  const directions = updated.map((y) =>
    y.map((entry, k) =>
      fixed.reduce((sum, x, j) => {
        const kernel = Math.exp(-distance(x, y) / h) / fixed.length;
        return sum + kernel * (scores[j]![k]! + (2 / h) * (entry - x[k]!));
      }, 0),
    ),
  );
  return { h, directions };
}

describe.each(implementations)('%s', { timeout: 120_000 }, (implementation) => {
  test('equals the formula in double precision for any numbers of particles', async (context) => {
    await useImplementation(implementation, context);
    const sizes = fc.record({
      states: fc.constantFrom(1, 3),
      fixedCount: fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constantFrom(16, 32)),
      updatedCount: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 32)),
      size: fc.integer({ min: 1, max: 7 }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(sizes, ({ states, fixedCount, updatedCount, size, seed }) => {
        tf.tidy(() => {
          const fixed = drawn({ states, count: fixedCount, size }, seed);
          const scores = drawn({ states, count: fixedCount, size }, seed + 1000);
          const updated = drawn({ states, count: updatedCount, size }, seed + 2000);
          const found = steinDirections({ fixed, scores, updated });
          const [x, s, y] = [fixed, scores, updated].map((tensor) => tensor.arraySync());
          const expected = x!.map((own, state) => inDouble(own, s![state]!, y![state]!));
          const directions = expected.flatMap((each) => each.directions);
          expect(found.directions.shape).toEqual([states, updatedCount, size]);
          expectClose(found.directions.dataSync(), directions.flat(), 2e-5);
          const lengths = directions.map((direction) => Math.hypot(...direction));
          expectClose(found.meanLength.dataSync(), [lengths.reduce((a, b) => a + b) / lengths.length]);
          expectClose(found.meanBandwidth.dataSync(), [expected.reduce((a, { h }) => a + h, 0) / states]);
          expectSame(() => Object.values(steinDirections({ fixed, scores, updated })));
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('particles in one place have the smallest bandwidth, 0.001', async (context) => {
    await useImplementation(implementation, context);
    const zeros = tf.zeros<tf.Rank.R3>([1, 3, 2]);
    const { directions, meanBandwidth } = steinDirections({
      fixed: zeros,
      scores: tf.ones([1, 3, 2]),
      updated: zeros,
    });
    expectClose(meanBandwidth.dataSync(), [1e-3], 1e-9);
    expectClose(directions.dataSync(), new Float32Array(6).fill(1), 1e-6);
  });

  test('has the gradient of the kernel with respect to the fixed particle', async (context) => {
    await useImplementation(implementation, context);
    const [fixed, updated] = [
      drawn({ states: 1, count: 3, size: 4 }, 4),
      drawn({ states: 1, count: 1, size: 4 }, 5),
    ];
    const [x, y] = [fixed.arraySync()[0]!, updated.arraySync()[0]!];
    const { h } = inDouble(x, x, y);
    // The kernels' mean as a function of one shift of all fixed particles: its derivative sums their gradients.
    const meanKernel = (shifted: number, by: number) =>
      x.reduce((sum, particle) => {
        const squared = particle.reduce(
          (total, value, k) => total + (value + (k === shifted ? by : 0) - y[0]![k]!) ** 2,
          0,
        );
        return sum + Math.exp(-squared / h) / 3;
      }, 0);
    const found = steinDirections({ fixed, scores: tf.zerosLike(fixed), updated }).directions.dataSync();
    for (let k = 0; k < 4; k++) {
      expect(found[k]).toBeCloseTo((meanKernel(k, 1e-4) - meanKernel(k, -1e-4)) / 2e-4, 5);
    }
  });

  test('drives particles apart where the density is flat, and up where it is not', async (context) => {
    await useImplementation(implementation, context);
    const flat = directionsOf([[[-0.1], [0.1]]], [[[0], [0]]], [[[-0.3], [0.3]]]).dataSync();
    expect(flat[0]).toBeLessThan(0);
    expect(flat[1]).toBeGreaterThan(0);
    const slope = [5, -7];
    const up = directionsOf(
      [
        [
          [0, 0],
          [1, 0],
        ],
      ],
      [[slope, slope]],
      [[[0.5, 0]]],
    ).dataSync();
    // By symmetry, repulsion cancels.
    expect(up[0]! / up[1]!).toBeCloseTo(-5 / 7, 5);
    expect(up[0]).toBeGreaterThan(0);
  });

  test('treats every state by itself', async (context) => {
    await useImplementation(implementation, context);
    const near = [[[0], [1]], [[1], [2]], [[0.3]]] as const;
    const far = [[[-9], [9]], [[3], [4]], [[7]]] as const;
    const both = directionsOf([near[0], far[0]], [near[1], far[1]], [near[2], far[2]]).dataSync();
    const alone = [near, far].map(([x, s, y]) => directionsOf([x], [s], [y]).dataSync()[0]!);
    expect([...both]).toEqual(alone);
  });

  test('no gradient flows through it, and no tensor is left behind', async (context) => {
    await useImplementation(implementation, context);
    const particles = {
      fixed: drawn({ states: 2, count: 3, size: 2 }, 1),
      scores: tf.zeros<tf.Rank.R3>([2, 3, 2]),
    };
    const y = drawn({ states: 2, count: 4, size: 2 }, 2);
    const run = () => {
      const gradient = tf.grad((updated: tf.Tensor) => {
        const { directions } = steinDirections({ ...particles, updated: updated as tf.Tensor3D });
        return tf.sum(tf.mul(updated, directions));
      })(y);
      const { directions, ...statistics } = steinDirections({ ...particles, updated: y });
      expectClose(gradient.dataSync(), directions.dataSync(), 1e-6);
      tf.dispose([gradient, directions, statistics]);
    };
    run();
    const before = countTensors();
    run();
    expect(countTensors()).toBe(before);
  });
});

type Shape = [number, number, number];
test.each<[string, Shape, Shape, Shape]>([
  ['fixed', [2, 1, 3], [2, 1, 3], [2, 4, 3]],
  ['scores', [2, 5, 3], [2, 4, 3], [2, 4, 3]],
  ['updated', [2, 5, 3], [2, 5, 3], [1, 4, 3]],
  ['updated', [2, 5, 3], [2, 5, 3], [2, 4, 2]],
])('unusable input is named: %s', async (field, fixed, scores, updated) => {
  await selectBackend({ prefer: 'cpu' });
  const [x, s, y] = [fixed, scores, updated].map((shape) => tf.zeros<tf.Rank.R3>(shape));
  const call = () => steinDirections({ fixed: x!, scores: s!, updated: y! });
  expect(call).toThrow(InvalidInputError);
  expect(call).toThrow(field);
});
