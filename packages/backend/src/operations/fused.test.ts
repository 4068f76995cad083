// Every operation of our own against its composed version: values, gradients, any shape.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { countTensors } from '../tensors.js';
import { tensorFrom } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, kernelBuilds, useBuild, useImplementation } from '../testing/kernel-builds.js';
import type { Activation } from './activation.js';
import { adamStep } from './adam.js';
import { denseStack } from './dense-stack.js';
import { type DenseStackSpec, denseStackParameterCount } from './dense-stack-layout.js';
import { clipByGlobalNorm, globalNorm } from './global-norm.js';
import { polyakStep } from './polyak.js';
import { squashedGaussian } from './squashed-gaussian.js';

afterEach(() => useFusedKernels(true));

const width = fc.oneof(fc.constantFrom(1, 2, 3, 7, 8, 13, 17), fc.integer({ min: 1, max: 40 }));
const activation = fc.constantFrom<Activation>('linear', 'relu', 'tanh', 'elu');
const stack = fc.record({
  batch: width,
  sizes: fc.array(width, { minLength: 2, maxLength: 4 }),
  hiddenActivation: activation,
  outputActivation: activation,
  members: fc.constantFrom(undefined, 1, 2, 5),
  sharedInput: fc.boolean(),
  layerNormalization: fc.constantFrom(undefined, { epsilon: 0.1 }),
});

// Property tests run hundreds of cases; a loaded machine may need its time.
describe.each(implementations)('%s', { timeout: 120_000 }, (implementation) => {
  test('denseStack', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(stack, ({ batch, sharedInput, ...spec }) => {
        tf.tidy(() => {
          const inputs = spec.sizes[0]!;
          const shape =
            sharedInput || spec.members === undefined ? [batch, inputs] : [spec.members, batch, inputs];
          const x = tensorFrom(1, shape as [number, number]);
          const parameters = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]);
          expectSame(() => [denseStack(x, parameters, spec)]);
          const upstream = tensorFrom(3, denseStack(x, parameters, spec).shape as [number, number]);
          const loss = (a: tf.Tensor, p: tf.Tensor) => tf.sum(tf.mul(denseStack(a, p, spec), upstream));
          expectSame(() => tf.grads(loss)([x, parameters]));
          expectSame(() => [tf.grad((a: tf.Tensor) => loss(a, parameters))(x)]);
          expectSame(() => [tf.grad((p: tf.Tensor) => loss(x, p))(parameters)]);
        });
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  test('denseStack with a gradient in few rows of the output', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(stack, fc.integer({ min: 0, max: 3 }), ({ batch, sharedInput, ...spec }, rows) => {
        tf.tidy(() => {
          const inputs = spec.sizes[0]!;
          const members = spec.members ?? 1;
          const outputs = spec.sizes.at(-1)!;
          const shape =
            sharedInput || spec.members === undefined ? [batch, inputs] : [members, batch, inputs];
          const x = tensorFrom(1, shape as [number, number]);
          const parameters = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]);
          // Row i of member m has a gradient if its number is among the first `rows` of every five.
          const chosen = Float32Array.from({ length: members * batch }, (_, i) =>
            (i * 7) % 5 < rows ? 1 : 0,
          );
          const upstream = tf.mul(
            tensorFrom(3, [members, batch, outputs]),
            tf.tensor(chosen, [members, batch, 1]),
          );
          const loss = (a: tf.Tensor) =>
            tf.sum(tf.mul(tf.reshape(denseStack(a, parameters, spec), [members, batch, outputs]), upstream));
          expectSame(() => [tf.grad(loss)(x)]);
        });
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  test('denseStack of two inputs is that of one with the columns of both, to the last bit', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(stack, width, fc.integer({ min: 0, max: 3 }), (sizes, other, rows) => {
        tf.tidy(() => {
          const { batch, sharedInput: _, ...given } = sizes;
          const first = given.sizes[0]!;
          const spec = { ...given, sizes: [first + other, ...given.sizes.slice(1)] };
          const a = tensorFrom(1, [batch, first]);
          const b = tensorFrom(4, [batch, other]);
          const parameters = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]);
          const one = (x: tf.Tensor, y: tf.Tensor, p: tf.Tensor) => denseStack(tf.concat([x, y], 1), p, spec);
          const two = (x: tf.Tensor, y: tf.Tensor, p: tf.Tensor) => denseStack([x, y], p, spec);
          const shape = one(a, b, parameters).shape as [number, number];
          const chosen = Float32Array.from({ length: shape.reduce((m, n) => m * n) }, (_, i) =>
            (i * 7) % 5 <= rows ? 1 : 0,
          );
          const dy = tf.mul(tensorFrom(3, shape), tf.tensor(chosen, shape));
          const ofParameters = (f: typeof one) => tf.grad((p: tf.Tensor) => f(a, b, p))(parameters, dy);
          const results = [one, two].map((f) => [
            f(a, b, parameters),
            ofParameters(f),
            tf.grad((x: tf.Tensor) => f(x, b, parameters))(a, dy),
            tf.grad((y: tf.Tensor) => f(a, y, parameters))(b, dy),
            ...tf.grads((x: tf.Tensor, y: tf.Tensor, p: tf.Tensor) => f(x, y, p))([a, b, parameters], dy),
          ]);
          for (const [i, tensor] of results[1]!.entries()) {
            expect(tensor.shape).toEqual(results[0]![i]!.shape);
            expect([...tensor.dataSync()]).toEqual([...results[0]![i]!.dataSync()]);
          }
          expectSame(() => [two(a, b, parameters)]);
        });
      }),
      { seed: 8, numRuns: 80 },
    );
  });

  test('two networks in one loss do not disturb each other', async (context) => {
    await useImplementation(implementation, context);
    const outer: DenseStackSpec = { sizes: [4, 9, 3], hiddenActivation: 'tanh', outputActivation: 'tanh' };
    const inner: DenseStackSpec = {
      sizes: [3, 11, 11, 4],
      hiddenActivation: 'elu',
      outputActivation: 'relu',
    };
    const x = tensorFrom(1, [10, 3]);
    const first = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(inner)]);
    const second = tensorFrom<tf.Rank.R1>(3, [denseStackParameterCount(outer)]);
    expectSame(() =>
      tf.grads((a: tf.Tensor, p: tf.Tensor, q: tf.Tensor) => {
        const h = denseStack(a, p, inner);
        return tf.sum(tf.add(tf.square(denseStack(h, q, outer)), denseStack(tf.neg(h), q, outer)));
      })([x, first, second]),
    );
  });

  test('a gradient of a gradient falls back to the composed operations', async (context) => {
    await useImplementation(implementation, context);
    const spec: DenseStackSpec = { sizes: [3, 6, 1], hiddenActivation: 'tanh', outputActivation: 'linear' };
    const x = tensorFrom(1, [4, 3]);
    const parameters = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]);
    const slope = (p: tf.Tensor) => tf.grad((a: tf.Tensor) => tf.sum(denseStack(a, p, spec)))(x);
    expectSame(() => [tf.grad((p: tf.Tensor) => tf.sum(tf.square(slope(p))))(parameters)]);
  });

  test('squashedGaussian', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(width, width, fc.constantFrom(1, 4, 30), (batch, actions, spread) => {
        tf.tidy(() => {
          const head = tf.mul(tensorFrom(1, [batch, 2 * actions]), spread);
          const noise = tf.mul(tensorFrom(2, [batch, actions]), 3);
          const sample = (h: tf.Tensor) => squashedGaussian(h, noise);
          expectSame(() => {
            const { action, rawAction, logProb } = sample(head);
            return [action, rawAction, logProb];
          });
          const weights = tensorFrom(3, [batch, actions]);
          const rowWeights = tensorFrom<tf.Rank.R1>(4, [batch]);
          const objectives: ((h: tf.Tensor) => tf.Tensor)[] = [
            (h) => tf.sum(tf.mul(sample(h).action, weights)),
            (h) => tf.sum(tf.mul(sample(h).rawAction, weights)),
            (h) => tf.sum(tf.mul(sample(h).logProb, rowWeights)),
            (h) => {
              const { action, rawAction, logProb } = sample(h);
              const each = tf.sum(tf.mul(tf.add(action, rawAction), weights));
              return tf.add(each, tf.sum(tf.mul(logProb, rowWeights)));
            },
          ];
          for (const objective of objectives) expectSame(() => [tf.grad(objective)(head)]);
        });
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test('adamStep', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 4 }), (count, steps) => {
        expectSame(() => {
          const variables = [tensorFrom<tf.Rank.R1>(1, [count]), tf.zeros([count]), tf.zeros([count])].map(
            (tensor) => tf.variable(tensor),
          );
          const [parameters, firstMoment, secondMoment] = variables as [
            tf.Variable,
            tf.Variable,
            tf.Variable,
          ];
          for (let step = 1; step <= steps; step++) {
            const gradient = tensorFrom<tf.Rank.R1>(10 + step, [count]);
            adamStep({ parameters, gradient, firstMoment, secondMoment, step, learningRate: 0.01 });
          }
          const results = variables.map((variable) => tf.mul(variable, 1));
          tf.dispose(variables);
          return results;
        });
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test('polyakStep, globalNorm, clipByGlobalNorm', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, 0.005, 1), (count, tau) => {
        expectSame(() => {
          const target = tf.variable(tensorFrom<tf.Rank.R1>(1, [count]));
          polyakStep(target, tensorFrom<tf.Rank.R1>(2, [count]), tau);
          const result = tf.mul(target, 1);
          target.dispose();
          return [result];
        });
        expectSame(() => {
          const tensors = [tensorFrom<tf.Rank.R1>(1, [count]), tensorFrom<tf.Rank.R2>(2, [3, 2])];
          const { tensors: clipped, norm } = clipByGlobalNorm<tf.Tensor>(tensors, 0.5);
          return [globalNorm(tensors), norm, ...clipped];
        });
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test('globalNorm has a gradient', async (context) => {
    await useImplementation(implementation, context);
    const x = tensorFrom<tf.Rank.R1>(1, [9]);
    expectSame(() => [tf.grad((a: tf.Tensor) => globalNorm([a]))(x)]);
  });

  test('training repeats to the last bit and leaves no tensor behind', async (context) => {
    await useImplementation(implementation, context);
    const spec: DenseStackSpec = {
      sizes: [7, 33, 33, 6],
      hiddenActivation: 'relu',
      outputActivation: 'linear',
      members: 2,
    };
    const count = denseStackParameterCount(spec);
    const train = () => {
      const variables = [tensorFrom<tf.Rank.R1>(1, [count]), tf.zeros([count]), tf.zeros([count])].map(
        (tensor) => tf.variable(tensor),
      );
      const [parameters, firstMoment, secondMoment] = variables as [tf.Variable, tf.Variable, tf.Variable];
      const counts: number[] = [];
      for (let step = 1; step <= 8; step++) {
        tf.tidy(() => {
          const x = tensorFrom<tf.Rank.R2>(100 + step, [19, 7]);
          const noise = tensorFrom<tf.Rank.R2>(200 + step, [19, 3]);
          const { grads } = tf.variableGrads(() => {
            const heads = denseStack(x, parameters, spec);
            const head = tf.squeeze(tf.slice(heads, [0, 0, 0], [1, 19, 6]), [0]);
            const { action, logProb } = squashedGaussian(head, noise);
            return tf.mean(tf.add(tf.sum(tf.square(action), 1), logProb)) as tf.Scalar;
          }, [parameters]);
          const clipped = clipByGlobalNorm([grads[parameters.name]!], 0.1);
          const gradient = clipped.tensors[0]!;
          adamStep({ parameters, gradient, firstMoment, secondMoment, step, learningRate: 0.01 });
        });
        counts.push(countTensors());
      }
      const result = parameters.dataSync().slice();
      tf.dispose(variables);
      return { result, counts };
    };
    const before = countTensors();
    const first = tf.tidy(() => train());
    const second = tf.tidy(() => train());
    expect(second.result).toEqual(first.result);
    expect(new Set(first.counts).size).toBe(1);
    expect(countTensors()).toBe(before);
  });
});

describe.each(kernelBuilds)('the kernels called, %s', (build) => {
  test('denseStack follows the minimum over members', async (context) => {
    const kernels = await useBuild(build, context);
    const spec: DenseStackSpec = {
      sizes: [5, 16, 16, 1],
      hiddenActivation: 'relu',
      outputActivation: 'linear',
      members: 2,
    };
    const x = tensorFrom(1, [40, 5]);
    const parameters = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]);
    const objective = (a: tf.Tensor) => tf.sum(tf.min(denseStack(a, parameters, spec), 0));
    expectSame(() => [tf.grad(objective)(x)]);
    // Every row's gradient goes to one member: the products of both together are as large as those of one.
    const run = kernels.run;
    let rows = 0;
    const counting = {
      ...run,
      addToRows: (...call: Parameters<typeof run.addToRows>) => {
        rows += call[3];
        run.addToRows(...call);
      },
    };
    Object.assign(kernels, { run: counting });
    tf.tidy(() => void tf.grad(objective)(x));
    Object.assign(kernels, { run });
    expect(rows).toBe(40);
  });

  test('denseStack computes only the gradients asked for', async (context) => {
    const kernels = await useBuild(build, context);
    const spec: DenseStackSpec = {
      sizes: [5, 8, 8, 1],
      hiddenActivation: 'relu',
      outputActivation: 'linear',
    };
    const x = tensorFrom(1, [6, 5]);
    const parameters = tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]);
    const loss = (a: tf.Tensor, p: tf.Tensor) => tf.sum(denseStack(a, p, spec));
    const run = kernels.run;
    const countCalls = (compute: () => unknown) => {
      const calls = { matrixMultiply: 0, columnSums: 0 };
      const counting = {
        ...run,
        matrixMultiply: (...call: Parameters<typeof run.matrixMultiply>) => {
          calls.matrixMultiply++;
          run.matrixMultiply(...call);
        },
        columnSums: (...call: Parameters<typeof run.columnSums>) => {
          calls.columnSums++;
          run.columnSums(...call);
        },
      };
      Object.assign(kernels, { run: counting });
      tf.tidy(() => void compute());
      Object.assign(kernels, { run });
      return calls;
    };
    // Three layers: three products forward; two deltas; one input gradient or three weight gradients.
    expect(countCalls(() => loss(x, parameters))).toEqual({ matrixMultiply: 3, columnSums: 0 });
    expect(countCalls(() => tf.grad((a: tf.Tensor) => loss(a, parameters))(x))).toEqual({
      matrixMultiply: 6,
      columnSums: 0,
    });
    expect(countCalls(() => tf.grad((p: tf.Tensor) => loss(x, p))(parameters))).toEqual({
      matrixMultiply: 8,
      columnSums: 3,
    });
    expect(countCalls(() => tf.grads(loss)([x, parameters]))).toEqual({ matrixMultiply: 9, columnSums: 3 });
  });
});
