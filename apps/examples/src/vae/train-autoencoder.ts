import { readScalar } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import { Adam, lossAndGradients } from '@maxent/nn';
import type { VariationalAutoencoder } from '@maxent/pgm/variational';
import * as tf from '@tensorflow/tfjs-core';
import { binarize, type Digits } from './digits.js';

const BATCH = 128;
const LEARNING_RATE = 1e-3;
const REPORT_EVERY = 250;

export interface TrainOptions {
  readonly steps: number;
  readonly rng: Rng;
  /** Called with the mean ELBO of the batches since the last call, in nats per image. */
  readonly onProgress: (step: number, elbo: number) => void;
}

/** Raises the ELBO of batches, which are drawn to black and white anew each time, with each epoch in random order. */
export function trainAutoencoder(
  model: VariationalAutoencoder,
  digits: Digits,
  { steps, rng, onProgress }: TrainOptions,
): void {
  const adam = new Adam(model.parameters, { learningRate: LEARNING_RATE });
  const order = Int32Array.from({ length: digits.count }, (_, i) => i);
  const perEpoch = Math.floor(digits.count / BATCH);
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const start = (step % perEpoch) * BATCH;
    if (start === 0) rng.shuffle(order);
    sum += tf.tidy(() => {
      const x = binarize(digits, order.subarray(start, start + BATCH), rng);
      const negativeElbo = (): tf.Scalar => tf.neg(tf.mean(model.elbo(x, { numParticles: 1, rng })));
      const { loss, gradients } = lossAndGradients(negativeElbo, model.parameters);
      adam.step(gradients);
      return -readScalar(loss);
    });
    if ((step + 1) % REPORT_EVERY === 0) {
      onProgress(step + 1, sum / REPORT_EVERY);
      sum = 0;
    }
  }
  adam.dispose();
}
