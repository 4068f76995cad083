// Layer normalization in `denseStack`: against its formula in double precision. fused.test.ts compares the fused kernels
// with the composed operations.
import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';
import { testVariants } from '../test-backends.js';
import { differences, expectClose } from '../testing/close.js';
import { valuesFrom } from '../testing/values.js';
import { denseStack } from './dense-stack.js';
import { type DenseStackSpec, denseStackLayout, denseStackParameterCount } from './dense-stack-layout.js';

afterEach(() => useFusedKernels(true));

const spec: DenseStackSpec = {
  sizes: [3, 6, 5, 1],
  hiddenActivation: 'relu',
  outputActivation: 'linear',
  members: 2,
  layerNormalization: { epsilon: 1e-3 },
};

/** The outputs of all members in double precision, for x [batch, inputs]. */
function reference(x: ArrayLike<number>, parameters: ArrayLike<number>): number[] {
  const batch = x.length / spec.sizes[0]!;
  const y: number[] = [];
  let h: number[] = [];
  for (const { layer, weight, bias, scale, shift } of denseStackLayout(spec)) {
    if (layer === 0) h = Array.from(x);
    const [inputs, outputs] = weight.shape;
    h = Array.from({ length: batch }, (_, row) => {
      const values = Array.from({ length: outputs }, (_, j) => {
        let sum = parameters[bias.offset + j]!;
        for (let i = 0; i < inputs; i++) {
          sum += h[row * inputs + i]! * parameters[weight.offset + i * outputs + j]!;
        }
        return sum;
      });
      if (scale === undefined || shift === undefined) return values;
      const mean = values.reduce((sum, value) => sum + value, 0) / outputs;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / outputs;
      const sigma = Math.sqrt(variance + spec.layerNormalization!.epsilon);
      return values.map((value, j) => {
        const z = (value - mean) / sigma;
        return Math.max(parameters[scale.offset + j]! * z + parameters[shift.offset + j]!, 0);
      });
    }).flat();
    if (scale === undefined) y.push(...h);
  }
  return y;
}

describe.each(testVariants)('on %s, fused kernels: %s', (prefer, fused) => {
  const prepare = async () => {
    await selectBackend({ prefer });
    useFusedKernels(fused);
  };

  test('is what its formula says for one layer', async () => {
    await prepare();
    // x W = x and zero biases: rows (1, 2, 6) of mean 3 and variance 14 / 3, and (-1, -1, -1) of none.
    const one: DenseStackSpec = { ...spec, sizes: [3, 3, 1], members: undefined };
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
    const parameters = tf.tensor1d([...identity, 2, -1, 0.5, 0.1, -0.2, 0, 1, 10, 100, 0.25]);
    const sigma = Math.sqrt(14 / 3 + 1e-3);
    const first = 10 * (1 / sigma - 0.2) + 100 * ((0.5 * 3) / sigma) + 0.25;
    const x = tf.tensor2d([1, 2, 6, -1, -1, -1], [2, 3]);
    expectClose(denseStack(x, parameters, one).dataSync(), [first, 0.1 + 0.25], 1e-6);
  });

  test('its values and gradients are those of the formula, by finite differences in float64', async () => {
    await prepare();
    const [batch, inputs] = [7, spec.sizes[0]!];
    const x = valuesFrom(1, batch * inputs);
    const parameters = valuesFrom(2, denseStackParameterCount(spec));
    const dy = valuesFrom(3, 2 * batch);
    const loss = (a: ArrayLike<number>, p: ArrayLike<number>) =>
      reference(a, p).reduce((sum, value, i) => sum + value * dy[i]!, 0);
    const given = [tf.tensor2d(x, [batch, inputs]), tf.tensor1d(parameters)] as const;
    expectClose(denseStack(given[0], given[1], spec).dataSync(), reference(x, parameters), 1e-5);
    const [dx, dParameters] = tf.grads((a: tf.Tensor, p: tf.Tensor) => denseStack(a, p, spec))(
      [...given],
      tf.tensor3d(dy, [2, batch, 1]),
    ) as [tf.Tensor, tf.Tensor];
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
  });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses epsilon %d', (epsilon) => {
  const layout = () => denseStackLayout({ ...spec, layerNormalization: { epsilon } });
  expect(layout).toThrow(InvalidInputError);
  expect(layout).toThrow(`layerNormalization.epsilon: expected a positive number, got ${epsilon}`);
});
