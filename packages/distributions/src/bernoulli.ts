import { fillTensor, withoutGradient } from '@maxent/backend';
import { type Rng, requireRng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { requireValues } from './require-values.js';
import { checkBroadcastsWith, checkSampleShape, requireTensor } from './shapes.js';

/**
 * Independent coins: p(1) = sigmoid(logit), p(0) = sigmoid(-logit). Logits must be finite; at +-40 the less likely side
 * already has a probability of only 4e-18.
 */
export class Bernoulli implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/Bernoulli');
  readonly eventShape: readonly number[] = [];
  readonly reparameterized = false;

  /** @param logits log(p / (1 - p)), [...batchShape]. */
  constructor(private readonly logits: tf.Tensor) {
    requireTensor('logits', logits);
  }

  get batchShape(): readonly number[] {
    return this.logits.shape;
  }

  /** p(1), [...batchShape]. */
  probs(): tf.Tensor {
    return tf.sigmoid(this.logits);
  }

  /** The coin with its sides swapped. */
  opposite(): Bernoulli {
    return new Bernoulli(tf.neg(this.logits));
  }

  /** log p(1), computed without forming p(1). */
  logProbs(): tf.Tensor {
    return tf.tidy(() => tf.neg(tf.softplus(tf.neg(this.logits))));
  }

  /** 0 or 1 as float32, so that a network can read it; not differentiable. */
  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    requireRng(rng);
    checkSampleShape(sampleShape);
    return tf.tidy(() => {
      const uniform = fillTensor([...sampleShape, ...this.batchShape], (values) => {
        // Use multiples of 2^-24: a double would sometimes round to 1, which no probability exceeds.
        for (let i = 0; i < values.length; i++) values[i] = (rng.uint32() >>> 8) * 2 ** -24;
      });
      return withoutGradient(() => tf.cast(tf.less(uniform, this.probs()), 'float32'));
    });
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const sample = this.sample(rng, sampleShape);
      return { sample, logProb: this.logProbOfBits(sample) };
    });
  }

  /**
   * -softplus((1 - 2 value) logit). A coin has no gray levels: values between 0 and 1 would be scored by the
   * cross-entropy, which is not a density and drives a model to black and white.
   *
   * @throws InvalidInputError for values other than 0 and 1.
   */
  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    checkBroadcastsWith('value', value.shape, this.batchShape);
    requireValues(
      value,
      (entry) => entry === 0 || entry === 1,
      'only 0 and 1',
      'Binarize gray levels first, or use ContinuousBernoulli, which has a density on [0, 1]; for both, ' +
        'divide bytes by 255',
    );
    return this.logProbOfBits(value);
  }

  /** -p log p - (1 - p) log(1 - p). */
  entropy(): tf.Tensor {
    return tf.tidy(() => {
      // Either side's logit gives the entropy; with the negative one no digits cancel.
      const logit = tf.neg(tf.abs(this.logits));
      return tf.sub(tf.softplus(logit), tf.mul(tf.sigmoid(logit), logit));
    });
  }

  /** 1 where the logit is positive, else 0; float32. */
  mode(): tf.Tensor {
    return tf.tidy(() => tf.cast(tf.greater(this.logits, 0), 'float32'));
  }

  private logProbOfBits(value: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.neg(tf.softplus(tf.mul(tf.sub(1, tf.mul(value, 2)), this.logits))));
  }
}
