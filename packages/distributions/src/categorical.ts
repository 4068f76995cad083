import { fillTensor, withoutGradient } from '@maxent/backend';
import { InvalidInputError, type Rng, requireRng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { checkBroadcastsWith, checkSampleShape, requireTensor } from './shapes.js';

/** A normal float32 smaller than any exponential draw that matters. */
const SMALLEST_NOISE = 1e-37;

/**
 * Distributions over the classes 0 to K - 1 with p = softmax(logits). A logit of -Infinity rules a class out: it then
 * has no effect on samples, entropies and gradients. At least one logit must be finite.
 *
 * @throws InvalidInputError if the logits are a scalar.
 */
export class Categorical implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/Categorical');
  readonly eventShape: readonly number[] = [];
  readonly reparameterized = false;

  /** @param logits [...batchShape, K], unnormalized. */
  constructor(private readonly logits: tf.Tensor) {
    requireTensor('logits', logits);
    if (logits.rank === 0)
      throw new InvalidInputError('logits', 'expected shape [..., classes], got a scalar');
  }

  get batchShape(): readonly number[] {
    return this.logits.shape.slice(0, -1);
  }

  /** K, the number of classes. */
  get classes(): number {
    return this.logits.shape.at(-1)!;
  }

  /** The probabilities of all classes, [...batchShape, K]. */
  probs(): tf.Tensor {
    return tf.softmax(this.logits, -1);
  }

  /** The logarithms of `probs`, computed without forming `probs`. */
  logProbs(): tf.Tensor {
    return tf.logSoftmax(this.logits, -1);
  }

  /** Class indices, int32; not differentiable. */
  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    requireRng(rng);
    checkSampleShape(sampleShape);
    return tf.tidy(() => {
      const noise = fillTensor([...sampleShape, ...this.logits.shape], (values) => {
        for (let i = 0; i < values.length; i++) values[i] = Math.max(rng.exponential(), SMALLEST_NOISE);
      });
      // A race of exponential clocks with rates p_k: class k finishes first with probability p_k. In logarithms this
      // is the Gumbel-max trick.
      return withoutGradient(() => tf.argMax(tf.sub(this.logits, tf.log(noise)), -1));
    });
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const sample = this.sample(rng, sampleShape);
      return { sample, logProb: this.logProb(sample) };
    });
  }

  /** The log-probability of class indices; -Infinity for any number that is not an index, such as a fraction. */
  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    checkBroadcastsWith('value', value.shape, this.batchShape);
    return tf.tidy(() => {
      const classes = tf.range(0, this.classes, 1, 'float32');
      const chosen = withoutGradient(() => tf.equal(tf.expandDims(tf.cast(value, 'float32'), -1), classes));
      // Use a mask, not a product with a one-hot vector, because 0 * -Infinity is NaN.
      const picked = tf.sum(tf.where(chosen, this.logProbs(), 0), -1);
      return tf.where(tf.any(chosen, -1), picked, Number.NEGATIVE_INFINITY);
    });
  }

  /** -sum_k p_k log p_k. */
  entropy(): tf.Tensor {
    return tf.tidy(() => tf.neg(expectation(this.probs(), this.logProbs())));
  }

  /** The most likely class, the lowest on a tie, int32. */
  mode(): tf.Tensor {
    return tf.argMax(this.logits, -1);
  }
}

/** sum_k p_k f_k over the last dimension. Classes with p_k = 0 add 0, also to gradients, even if f_k is infinite. */
export function expectation(probs: tf.Tensor, values: tf.Tensor): tf.Tensor {
  const possible = withoutGradient(() => tf.greater(probs, 0));
  return tf.sum(tf.mul(probs, tf.where(possible, values, 0)), -1);
}
