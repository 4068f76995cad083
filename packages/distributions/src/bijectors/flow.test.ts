import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { numericalLogDet } from './test-support/double-precision.js';
import { randomFlow } from './test-support/random-flow.js';

const BATCH = 3;

const rowsOf = (x: tf.Tensor2D): number[][] => {
  const values = readTensor(x);
  return Array.from({ length: x.shape[0] }, (_, i) => [
    ...values.subarray(i * x.shape[1], (i + 1) * x.shape[1]),
  ]);
};

describe.each(testBackends)('a chain of couplings on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const sizes = Array.from({ length: 17 }, (_, i) => i + 1);
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'logDet is that of the numerical Jacobian: %i layers, 1 to 17 dimensions, with and without context',
    (layers) => {
      for (const size of sizes) {
        for (const contextual of [false, true]) {
          const rng = Rng.fromSeed(100 * layers + size).split(String(contextual));
          const flow = randomFlow({ size, layers, batch: BATCH, contextual, spread: 0.4, rng });
          const values = new Float32Array(BATCH * size);
          rng.fillNormal(values);
          for (const direction of ['forward', 'inverse'] as const) {
            expectNumericalJacobian(flow, direction, tf.tensor2d(values, [BATCH, size]));
          }
        }
      }
    },
  );

  test.each([1, 2, 3, 6, 17])(
    'logDet is that of the numerical Jacobian with tanh last: %i dimensions, with context',
    (size) => {
      const rng = Rng.fromSeed(size);
      const options = { size, layers: 3, batch: BATCH, contextual: true, squashed: true } as const;
      const flow = randomFlow({ ...options, spread: 0.3, rng });
      const values = new Float32Array(BATCH * size);
      rng.fillNormal(values, 0, 0.5);
      expectNumericalJacobian(flow, 'forward', tf.tensor2d(values, [BATCH, size]));
      rng.fillUniform(values, -0.95, 0.95);
      expectNumericalJacobian(flow, 'inverse', tf.tensor2d(values, [BATCH, size]));
    },
  );

  test.each([1, 2, 3, 6, 17])('16 layers in %i dimensions come back from 5 sigma', (size) => {
    const batch = 40;
    const rng = Rng.fromSeed(size);
    const { flow, context } = randomFlow({ size, layers: 16, batch, contextual: true, spread: 0.3, rng });
    // Along every axis both ways, as far as 5 sigma, and at random in between.
    const values = new Float32Array(batch * size);
    rng.fillNormal(values);
    for (let i = 0; i < 2 * size && i < batch; i++) values[i * size + (i >> 1)] = i % 2 === 0 ? 5 : -5;
    const x = tf.tensor2d(values, [batch, size]);
    for (const [there, back] of [
      ['forward', 'inverse'],
      ['inverse', 'forward'],
    ] as const) {
      const image = flow[there](x, context);
      const again = flow[back](image.y, context);
      expect(largest(tf.sub(again.y, x))).toBeLessThan(1e-3);
      expect(largest(tf.add(again.logDet, image.logDet))).toBeLessThan(1e-3);
    }
  });
});

function largest(x: tf.Tensor): number {
  return Math.max(...readTensor(tf.abs(x)));
}

/** Images within 1e-4 of those in double precision, logDet within 1e-4 of their Jacobian's. */
function expectNumericalJacobian(
  { flow, context, inDouble }: ReturnType<typeof randomFlow>,
  direction: 'forward' | 'inverse',
  x: tf.Tensor2D,
): void {
  const { y, logDet } = flow[direction](x, context);
  const images = rowsOf(y);
  const densities = readTensor(logDet);
  for (const [row, point] of rowsOf(x).entries()) {
    const twin = inDouble(row)[direction];
    const expected = twin(point);
    const name = `${direction}, shape [${x.shape}]${context === undefined ? '' : ', with context'}, row ${row}`;
    for (const [i, value] of images[row]!.entries()) {
      const scale = Math.max(1, Math.abs(expected[i]!));
      expect(Math.abs(value - expected[i]!), name).toBeLessThan(1e-4 * scale);
    }
    expect(Math.abs(densities[row]! - numericalLogDet(twin, point)), name).toBeLessThan(1e-4);
  }
}
