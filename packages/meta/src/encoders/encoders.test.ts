import { countTensors, readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { copySnapshot, Rng, SnapshotMismatchError } from '@maxent/core';
import { lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { productOfGaussians } from '../beliefs.js';
import { AttentionEncoder } from './attention-encoder.js';
import type { ContextEncoder } from './context-encoder.js';
import { ProductEncoder } from './product-encoder.js';

const ROW_SIZE = 3;
const options = { rowSize: ROW_SIZE, hiddenSizes: [12, 8], latentSize: 2 };
const kinds: Record<string, (seed: number) => ContextEncoder> = {
  product: (seed) => new ProductEncoder({ ...options, includePrior: false, rng: Rng.fromSeed(seed) }),
  'product with prior': (seed) =>
    new ProductEncoder({ ...options, includePrior: true, rng: Rng.fromSeed(seed) }),
  attention: (seed) => new AttentionEncoder({ ...options, rng: Rng.fromSeed(seed) }),
};

/** Rows of `tasks` contexts of `size` transitions. */
function randomRows(tasks: number, size: number, seed = 5): Float32Array {
  const rows = new Float32Array(tasks * size * ROW_SIZE);
  Rng.fromSeed(seed).fillNormal(rows);
  return rows;
}

function infer(encoder: ContextEncoder, rows: Float32Array, tasks: number) {
  return tf.tidy(() => {
    const size = rows.length / tasks / ROW_SIZE;
    const { mean, variance } = encoder.infer(tensorOf<tf.Rank.R3>(rows, [tasks, size, ROW_SIZE]));
    return { mean: [...readTensor(mean)], variance: [...readTensor(variance)] };
  });
}

function expectClose(actual: readonly number[], expected: readonly number[], digits = 5): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, digits));
}

describe.each(testBackends)('context encoders on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));

  describe.each(Object.entries(kinds))('%s', (_, make) => {
    it('does not depend on the order of transitions, and keeps tasks apart', () => {
      const encoder = make(1);
      const rows = randomRows(2, 6);
      const { mean, variance } = infer(encoder, rows, 2);
      const reversed = Float32Array.from(rows);
      for (let n = 0; n < 6; n++) {
        reversed.set(rows.subarray(n * ROW_SIZE, (n + 1) * ROW_SIZE), (5 - n) * ROW_SIZE);
      }
      const again = infer(encoder, reversed, 2);
      expectClose(again.mean, mean);
      expectClose(again.variance, variance);
      const alone = infer(encoder, rows.subarray(6 * ROW_SIZE), 1);
      expectClose(alone.mean, mean.slice(2));
      expectClose(alone.variance, variance.slice(2));
      encoder.dispose();
    });

    it('believes the prior before it has seen anything', () => {
      const encoder = make(1);
      expect(infer(encoder, new Float32Array(0), 1)).toEqual({ mean: [0, 0], variance: [1, 1] });
      encoder.dispose();
    });

    it('has the gradients of finite differences', () => {
      const encoder = make(2);
      const context = tensorOf<tf.Rank.R3>(randomRows(2, 4), [2, 4, ROW_SIZE]);
      const loss = () => {
        const { mean, variance } = encoder.infer(context);
        return tf.sum(tf.add(tf.square(mean), tf.log(variance))) as tf.Scalar;
      };
      const { gradients } = lossAndGradients(loss, encoder.variables);
      for (const [v, variable] of encoder.variables.entries()) {
        const gradient = readTensor(gradients[v]!);
        const values = readTensor(variable);
        // The last parameters are output biases, where no ReLU can switch.
        for (const i of [values.length - 1, values.length - 3]) {
          const at = (offset: number) => {
            const moved = values.slice();
            moved[i]! += offset;
            tf.tidy(() => variable.assign(tensorOf(moved, variable.shape)));
            return tf.tidy(() => readTensor(loss())[0]!);
          };
          const difference = (at(1e-2) - at(-1e-2)) / 2e-2;
          tf.tidy(() => variable.assign(tensorOf(values, variable.shape)));
          expect(Math.abs(gradient[i]! - difference)).toBeLessThan(2e-2 * Math.max(1, Math.abs(difference)));
        }
      }
      tf.dispose([context, gradients]);
      encoder.dispose();
    });

    it('can be saved and loaded, and leaves nothing behind', () => {
      const before = countTensors();
      const [encoder, other] = [make(1), make(2)];
      const rows = randomRows(1, 3);
      const expected = infer(encoder, rows, 1);
      expect(infer(other, rows, 1)).not.toEqual(expected);
      other.load(copySnapshot(encoder.save()));
      expect(infer(other, rows, 1)).toEqual(expected);
      expect(() => other.load({ arrays: {}, metadata: {} })).toThrow(SnapshotMismatchError);
      encoder.dispose();
      other.dispose();
      expect(countTensors()).toBe(before);
    });
  });

  it('the product encoder multiplies the factors of single transitions', () => {
    const encoder = kinds.product!(1);
    const withPrior = kinds['product with prior']!(1);
    const rows = randomRows(1, 5);
    const factors = Array.from({ length: 5 }, (_, n) =>
      infer(encoder, rows.subarray(n * ROW_SIZE, (n + 1) * ROW_SIZE), 1),
    );
    for (const [made, includePrior] of [
      [encoder, false],
      [withPrior, true],
    ] as const) {
      const expected = tf.tidy(() => {
        const shape: [number, number, number] = [1, 5, 2];
        const { mean, variance } = productOfGaussians(
          tensorOf<tf.Rank.R3>(
            factors.flatMap(({ mean }) => mean),
            shape,
          ),
          tensorOf<tf.Rank.R3>(
            factors.flatMap(({ variance }) => variance),
            shape,
          ),
          { includePrior },
        );
        return { mean: [...readTensor(mean)], variance: [...readTensor(variance)] };
      });
      const found = infer(made, rows, 1);
      expectClose(found.mean, expected.mean);
      expectClose(found.variance, expected.variance);
    }
    encoder.dispose();
    withPrior.dispose();
  });
});
