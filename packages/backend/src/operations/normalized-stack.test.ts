import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';
import { testVariants } from '../test-backends.js';
import { differences, expectClose, expectTensorsClose, tensorFrom } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, kernelBuilds, useBuild, useImplementation } from '../testing/kernel-builds.js';
import { valuesFrom } from '../testing/values.js';
import type { Activation } from './activation.js';
import { denseStack } from './dense-stack.js';
import { foldNormalization, normalizedStack } from './normalized-stack.js';
import {
  type NormalizedStackSpec,
  normalizedStackCounts,
  normalizedStackLayout,
} from './normalized-stack-layout.js';

afterEach(() => useFusedKernels(true));

const width = fc.oneof(fc.constantFrom(1, 2, 3, 7, 8, 13, 17), fc.integer({ min: 1, max: 40 }));
const activation = fc.constantFrom<Activation>('linear', 'relu', 'tanh', 'elu');
const stack = fc.record({
  batch: fc.constantFrom(1, 8, 16, 37),
  sizes: fc.array(width, { minLength: 2, maxLength: 4 }),
  hiddenActivation: activation,
  outputActivation: activation,
  members: fc.constantFrom(undefined, 1, 2, 5),
  sharedInput: fc.boolean(),
  renormalize: fc.boolean(),
  epsilon: fc.constant(0.1),
  momentum: fc.constantFrom(0, 0.9),
});

/** Statistics with variances from 0.05 on. */
function statisticsOf(spec: NormalizedStackSpec): tf.Variable {
  const values = valuesFrom(5, normalizedStackCounts(spec).statistics);
  for (const { variance } of normalizedStackLayout(spec)) {
    for (let i = 0; i < variance.shape[0]; i++) {
      values[variance.offset + i] = 0.05 + Math.abs(values[variance.offset + i]!);
    }
  }
  return tf.variable(tf.tensor1d(values), false);
}

function parametersOf(spec: NormalizedStackSpec): tf.Tensor1D {
  return tensorFrom<tf.Rank.R1>(2, [normalizedStackCounts(spec).parameters]);
}

// The variances of small batches magnify what is rounded.
const TOLERANCE = 1e-4;

describe.each(implementations)('normalizedStack, %s', { timeout: 120_000 }, (implementation) => {
  test('fused and composed agree in values, statistics and gradients', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(stack, ({ batch, sharedInput, renormalize, ...spec }) => {
        tf.tidy(() => {
          const [inputs] = spec.sizes as [number];
          const shape =
            sharedInput || spec.members === undefined ? [batch, inputs] : [spec.members, batch, inputs];
          const x = tensorFrom(1, shape as [number, number]);
          const parameters = parametersOf(spec);
          const pass = (a: tf.Tensor, p: tf.Tensor, statistics = statisticsOf(spec)) =>
            normalizedStack(a, p, statistics, spec, { renormalize });
          expectSame(() => {
            const statistics = statisticsOf(spec);
            const y = pass(x, parameters, statistics);
            return [y, tf.clone(statistics)];
          }, TOLERANCE);
          const upstream = tensorFrom(3, pass(x, parameters).shape as [number, number]);
          const loss = (a: tf.Tensor, p: tf.Tensor) => tf.sum(tf.mul(pass(a, p), upstream));
          expectSame(() => tf.grads(loss)([x, parameters]), TOLERANCE);
          expectSame(() => [tf.grad((a: tf.Tensor) => loss(a, parameters))(x)], TOLERANCE);
          expectSame(() => [tf.grad((p: tf.Tensor) => loss(x, p))(parameters)], TOLERANCE);
          expectSame(() => [foldNormalization(parameters, statisticsOf(spec), spec)]);
        });
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  test('two inputs are one with the columns of both, to the last bit', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(stack, width, ({ batch, sharedInput: _, renormalize, ...given }, other) => {
        tf.tidy(() => {
          const [first] = given.sizes as [number];
          const spec = { ...given, sizes: [first + other, ...given.sizes.slice(1)] };
          const a = tensorFrom(1, [batch, first]);
          const b = tensorFrom(4, [batch, other]);
          const parameters = parametersOf(spec);
          const pass = (x: tf.Tensor | [tf.Tensor, tf.Tensor], p: tf.Tensor) =>
            normalizedStack(x, p, statisticsOf(spec), spec, { renormalize });
          const one = (x: tf.Tensor, y: tf.Tensor, p: tf.Tensor) => pass(tf.concat([x, y], 1), p);
          const two = (x: tf.Tensor, y: tf.Tensor, p: tf.Tensor) => pass([x, y], p);
          const dy = tensorFrom(3, one(a, b, parameters).shape as [number, number]);
          const results = [one, two].map((f) => [
            f(a, b, parameters),
            tf.grad((p: tf.Tensor) => f(a, b, p))(parameters, dy),
            tf.grad((x: tf.Tensor) => f(x, b, parameters))(a, dy),
            tf.grad((y: tf.Tensor) => f(a, y, parameters))(b, dy),
          ]);
          for (const [i, tensor] of results[1]!.entries()) {
            expect([...tensor.dataSync()]).toEqual([...results[0]![i]!.dataSync()]);
          }
        });
      }),
      { seed: 8, numRuns: 40 },
    );
  });

  test('a gradient of a gradient falls back to the composed operations', async (context) => {
    await useImplementation(implementation, context);
    const spec = { ...layer, sizes: [2, 3, 1], hiddenActivation: 'tanh' } as const;
    const x = tensorFrom<tf.Rank.R2>(1, [6, 2]);
    const slope = (p: tf.Tensor) =>
      tf.grad((a: tf.Tensor) => tf.sum(tf.square(normalizedStack(a, p, statisticsOf(spec), spec))))(x);
    expectSame(() => [tf.grad((p: tf.Tensor) => tf.sum(tf.square(slope(p))))(parametersOf(spec))], TOLERANCE);
  });
});

/** A normalization with nothing behind it: a dense layer that is the identity. */
const layer: NormalizedStackSpec = {
  sizes: [2, 2],
  hiddenActivation: 'relu',
  outputActivation: 'linear',
  epsilon: 1e-3,
  momentum: 0.99,
};

/** The example of a batch of four rows, of which the last two have no gradient, in float64. */
const example = {
  x: [1, 2, 3, -1, 0, 0.5, -2, 4],
  running: [0.5, 1, 1.5, 2],
  parameters: [1.2, 0.8, 0.1, -0.2, 1, 0, 0, 1, 0, 0],
  dy: [1, 0, 0, 1, 0, 0, 0, 0],
  moved: [0.5, 1.00375, 1.5175, 2.014219],
  dShift: [1, 1],
  plain: {
    y: [0.432769, 0.070255, 1.763845, -1.226971, -0.232769, -0.578358, -1.563845, 0.935073],
    dx: [0.486359, -0.061222, -0.230359, 0.146163, -0.15359, -0.173734, -0.10241, 0.088794],
    dScale: [0.277307, -1.283713],
  },
  renormalized: {
    y: [0.589735, 0.365544, 2.548674, -1.331088, -0.389735, -0.482772, -2.348674, 1.496632],
    dx: [0.715772, -0.080072, -0.339018, 0.191165, -0.226037, -0.227225, -0.150717, 0.116132],
    dScale: [0.408112, -1.41386],
  },
} as const;

/** Half a unit of the sixth digit, and two of float32's last one. */
function expectDigits(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThan(5e-7 + 1.2e-7 * Math.max(1, Math.abs(value)));
  });
}

describe.each(testVariants)('on %s, fused %s', (backend, fused) => {
  const prepare = async () => {
    await selectBackend({ prefer: backend });
    useFusedKernels(fused);
  };

  test.each(['plain', 'renormalized'] as const)('the worked example, %s', async (kind) => {
    await prepare();
    const { x, running, parameters, dy, moved, dShift, [kind]: expected } = example;
    const renormalize = kind === 'renormalized';
    const statistics = tf.variable(tf.tensor1d([...running]), false);
    const pass = (a: tf.Tensor, p: tf.Tensor) => normalizedStack(a, p, statistics, layer, { renormalize });
    const rows = tf.tensor2d([...x], [4, 2]);
    expectDigits(pass(rows, tf.tensor1d([...parameters])).dataSync(), expected.y);
    expectDigits(statistics.dataSync(), moved);
    statistics.assign(tf.tensor1d([...running]));
    const [dx, dParameters] = tf.grads(pass)(
      [rows, tf.tensor1d([...parameters])],
      tf.tensor2d([...dy], [4, 2]),
    ) as [tf.Tensor, tf.Tensor];
    expectDigits(dx.dataSync(), expected.dx);
    expectDigits(dParameters.dataSync().slice(0, 4), [...expected.dScale, ...dShift]);
  });

  test('an unclipped renormalized pass gives what the evaluation pass gives', async () => {
    await prepare();
    // Without features that are nearly constant, whose corrections would be clipped.
    const spec = { ...layer, sizes: [3, 16, 16, 1], members: 2, hiddenActivation: 'tanh' } as const;
    const { parameters, statistics } = settled(spec, 64);
    const x = tensorFrom<tf.Rank.R2>(1, [64, 3]);
    const evaluated = denseStack(x, foldNormalization(parameters, statistics, spec), spec);
    const trained = normalizedStack(x, parameters, statistics, spec, { renormalize: true });
    expectTensorsClose(trained, evaluated, 2e-6);
  });

  // Columns: variance of the batch, running variance, the value (x - m) / sqrt(v + epsilon) at x = mu + sqrt(s2).
  test.each([
    [1, 1, 1.09945],
    [1e-2, 1e-2, 1.906925],
    [1e-3, 1e-3, 2.943175],
    [1e-4, 1e-4, 3.316625],
    [0, 0, 3.162278],
    [1, 0.25, 2.195613],
    [1e-3, 4e-3, 1.861427],
  ])('epsilon counts once: variance %d, running variance %d', async (s2, v, expected) => {
    await prepare();
    const spec = { ...layer, sizes: [1, 1] };
    const statistics = tf.variable(tf.tensor1d([0.1, v]), false);
    const parameters = tf.tensor1d([1, 0, 1, 0]);
    const x = tf.tensor2d([0.2 + Math.sqrt(s2), 0.2 - Math.sqrt(s2)], [2, 1]);
    const [evaluated] = denseStack(x, foldNormalization(parameters, statistics, spec), spec).dataSync();
    const [trained] = normalizedStack(x, parameters, statistics, spec, { renormalize: true }).dataSync();
    // In float32, a mean of 0.2 leaves 1.5e-8 over a deviation of 0.03.
    expect(Math.abs(evaluated! - expected)).toBeLessThan(1.5e-6);
    expect(Math.abs(trained! - expected)).toBeLessThan(1.5e-6);
  });

  test('after k passes over one batch, the mean is c (1 - 0.99^k)', async () => {
    await prepare();
    const statistics = tf.variable(tf.tensor1d([0, 0, 1, 1]), false);
    const parameters = tf.tensor1d([...example.parameters]);
    const x = tf.tensor2d([...example.x], [4, 2]);
    for (let k = 0; k < 20; k++) normalizedStack(x, parameters, statistics, layer);
    const kept = 0.99 ** 20;
    const expected = [0.5 * (1 - kept), 1.375 * (1 - kept), 3.25 - 2.25 * kept, 3.421875 - 2.421875 * kept];
    expectClose(statistics.dataSync(), expected, 1e-6);
  });

  test('its gradient is that of the whole batch, by finite differences in float64', async () => {
    await prepare();
    for (const renormalize of [false, true]) {
      const spec: NormalizedStackSpec = { ...layer, sizes: [3, 5, 4, 1], members: 2, epsilon: 0.01 };
      const [rows, inputs] = [8, 3];
      const x = valuesFrom(1, rows * inputs);
      const parameters = valuesFrom(2, normalizedStackCounts(spec).parameters);
      const statistics = statisticsOf(spec);
      const running = statistics.dataSync<'float32'>().slice();
      // As in CrossQ, the second half of the rows has no gradient of its own.
      const dy = valuesFrom(3, 2 * rows).map((value, i) => (i % rows < rows / 2 ? value : 0));
      const frozen = renormalize ? referencePass(x, parameters, running, spec, true).corrections : undefined;
      const loss = (a: ArrayLike<number>, p: ArrayLike<number>) =>
        referencePass(a, p, running, spec, renormalize, frozen).y.reduce(
          (sum, value, i) => sum + value * dy[i]!,
          0,
        );
      const [dx, dParameters] = tf.grads((a: tf.Tensor, p: tf.Tensor) =>
        normalizedStack(a, p, statistics, spec, { renormalize }),
      )([tf.tensor2d(x, [rows, inputs]), tf.tensor1d(parameters)], tf.tensor3d(dy, [2, rows, 1])) as [
        tf.Tensor,
        tf.Tensor,
      ];
      expectClose(
        dx.dataSync(),
        differences(x, (moved) => loss(moved, parameters)),
        1e-5,
      );
      expectClose(
        dParameters.dataSync(),
        differences(parameters, (moved) => loss(x, moved)),
        1e-5,
      );
      const silent = dx.dataSync().slice((rows / 2) * inputs);
      expect(silent.every((value) => Math.abs(value) > 1e-4)).toBe(true);
    }
  });
});

/** Parameters, and statistics that have seen batches of the same values. */
function settled(spec: NormalizedStackSpec, batch: number) {
  const { parameters: count } = normalizedStackCounts(spec);
  const values = valuesFrom(2, count);
  for (const { scale } of normalizedStackLayout(spec)) {
    for (let i = 0; i < scale.shape[0]; i++) values[scale.offset + i] = 1 + 0.2 * values[scale.offset + i]!;
  }
  const parameters = tf.tensor1d(values);
  const statistics = statisticsOf(spec);
  const quick = { ...spec, momentum: 0.5 };
  const x = tensorFrom<tf.Rank.R2>(6, [batch, spec.sizes[0]!]);
  for (let i = 0; i < 10; i++) normalizedStack(x, parameters, statistics, quick);
  return { parameters, statistics };
}

/** r and q by member, layer and feature. */
type Corrections = readonly (readonly (readonly (readonly [r: number, q: number])[])[])[];

/** A training pass in float64, written as three loops; `frozen` r and q are taken as they are. */
function referencePass(
  x: ArrayLike<number>,
  parameters: ArrayLike<number>,
  running: ArrayLike<number>,
  spec: NormalizedStackSpec,
  renormalize: boolean,
  frozen?: Corrections,
) {
  const rows = x.length / spec.sizes[0]!;
  const y: number[] = [];
  const corrections: [number, number][][][] = [];
  let h: number[] = [];
  for (const place of normalizedStackLayout(spec)) {
    const { member, layer: index, scale, shift, weight, bias, mean, variance } = place;
    const [inputs, outputs] = weight.shape;
    if (index === 0) h = Array.from(x);
    const found: [number, number][] = [];
    const normalized = new Array<number>(rows * inputs);
    for (let j = 0; j < inputs; j++) {
      const column = Array.from({ length: rows }, (_, i) => h[i * inputs + j]!);
      const mu = column.reduce((sum, value) => sum + value) / rows;
      const s2 = column.reduce((sum, value) => sum + (value - mu) ** 2, 0) / rows;
      const sigma = Math.sqrt(s2 + spec.epsilon);
      const spread = Math.sqrt(running[variance.offset + j]! + spec.epsilon);
      const clip = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
      const own: [number, number] = renormalize
        ? [clip(sigma / spread, 1 / 3, 3), clip((mu - running[mean.offset + j]!) / spread, -5, 5)]
        : [1, 0];
      const [r, q] = frozen === undefined ? own : frozen[member]![index]![j]!;
      found.push(own);
      for (let i = 0; i < rows; i++) {
        normalized[i * inputs + j] =
          parameters[scale.offset + j]! * ((r * (column[i]! - mu)) / sigma + q) +
          parameters[shift.offset + j]!;
      }
    }
    corrections[member] = [...(corrections[member] ?? []), found];
    const last = index + 2 === spec.sizes.length;
    h = Array.from({ length: rows * outputs }, (_, at) => {
      const [i, k] = [Math.floor(at / outputs), at % outputs];
      let sum = parameters[bias.offset + k]!;
      for (let j = 0; j < inputs; j++) {
        sum += normalized[i * inputs + j]! * parameters[weight.offset + j * outputs + k]!;
      }
      return last ? sum : Math.max(sum, 0);
    });
    if (last) y.push(...h);
  }
  return { y, corrections };
}

describe('normalizedStack', () => {
  test('folding gives the same numbers in every build of WebAssembly', async (context) => {
    const spec: NormalizedStackSpec = { ...layer, sizes: [7, 33, 5], members: 2 };
    const results: number[][] = [];
    for (const build of kernelBuilds.filter((name) => name.includes('simd'))) {
      await useBuild(build, context);
      const statistics = statisticsOf(spec);
      results.push([...foldNormalization(parametersOf(spec), statistics, spec).dataSync()]);
    }
    for (const values of results) expect(values).toEqual(results[0]);
  });

  const good = {
    x: [4, 2],
    parameters: [10],
    statistics: [4],
    spec: layer,
  };

  test.each<[string, Partial<typeof good>]>([
    ['x', { x: [4, 3] }],
    ['x', { x: [0, 2] }],
    ['parameters', { parameters: [9] }],
    ['statistics', { statistics: [5] }],
    ['epsilon', { spec: { ...layer, epsilon: 0 } }],
    ['momentum', { spec: { ...layer, momentum: 1 } }],
    ['sizes[1]', { spec: { ...layer, sizes: [2, 0] } }],
  ])('refuses a wrong %s: %o', async (field, wrong) => {
    await selectBackend({ prefer: 'cpu' });
    const { x, parameters, statistics, spec } = { ...good, ...wrong };
    const call = () =>
      normalizedStack(
        tf.zeros(x as [number, number]),
        tf.zeros(parameters as [number]),
        tf.variable(tf.zeros(statistics as [number])),
        spec,
      );
    expect(call).toThrow(InvalidInputError);
    expect(call).toThrow(`${field}: expected`);
  });
});
