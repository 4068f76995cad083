import { InvalidInputError, type Rng, requireObject } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Bijector, Mapped } from './bijectors/bijector.js';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { NoClosedFormError } from './no-closed-form-error.js';
import { requireDistribution, requireTensor } from './shapes.js';

export interface TransformedDistributionOptions {
  /** A distribution over vectors: eventShape [size], batchShape [batch]. */
  readonly base: Distribution;
  readonly bijector: Bijector;
  /** What the bijector depends on, [batch, any]. */
  readonly context?: tf.Tensor2D | undefined;
}

/**
 * The distribution of y = f(x; context) with x drawn from the base: log p(y) = log p_base(x) - log |det df/dx|. With
 * coupling layers, this is a normalizing flow.
 *
 * @throws InvalidInputError if the base is not a batch of vectors.
 */
export class TransformedDistribution implements Distribution {
  private readonly batch: number;
  private readonly size: number;

  constructor(private readonly options: TransformedDistributionOptions) {
    requireObject('options', options, '{ base, bijector }');
    requireDistribution('base', options.base);
    const { batchShape, eventShape } = options.base;
    if (batchShape.length !== 1 || eventShape.length !== 1) {
      throw new InvalidInputError(
        'base',
        `expected batchShape [batch] and eventShape [size], got [${batchShape}] and [${eventShape}]`,
      );
    }
    this.batch = batchShape[0]!;
    this.size = eventShape[0]!;
  }

  get batchShape(): readonly number[] {
    return this.options.base.batchShape;
  }

  get eventShape(): readonly number[] {
    return this.options.base.eventShape;
  }

  get reparameterized(): boolean {
    return this.options.base.reparameterized;
  }

  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    return tf.tidy(() => this.map(this.options.base.sample(rng, sampleShape), 'forward').y);
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const { sample, logProb } = this.options.base.sampleAndLogProb(rng, sampleShape);
      const { y, logDet } = this.map(sample, 'forward');
      return { sample: y, logProb: tf.sub(logProb, logDet) };
    });
  }

  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    if (value.shape.at(-1) !== this.size) {
      throw new InvalidInputError('value', `expected shape [..., ${this.size}], got [${value.shape}]`);
    }
    return tf.tidy(() => {
      const shape = [...value.shape.slice(0, -2), ...this.batchShape, this.size];
      const each = value.shape.at(-2) === this.batch ? value : tf.broadcastTo(value, shape);
      const { y, logDet } = this.map(each, 'inverse');
      return tf.add(this.options.base.logProb(y), logDet);
    });
  }

  /** @throws NoClosedFormError always; the mean of -logProb over samples is an unbiased estimate. */
  entropy(): never {
    throw new NoClosedFormError(
      'entropy: a transformed distribution has no closed form; average -logProb over samples instead',
    );
  }

  /** The image of the base's mode, which in general is not the mode of the image's density. */
  mode(): tf.Tensor {
    return tf.tidy(() => this.map(this.options.base.mode(), 'forward').y);
  }

  /**
   * The bijector works on matrices, so leading dimensions become rows, and the context is repeated for each of them.
   */
  private map(x: tf.Tensor, direction: 'forward' | 'inverse'): { y: tf.Tensor; logDet: tf.Tensor } {
    const { bijector, context } = this.options;
    const rows = x.size / this.size;
    const repeats = rows / this.batch;
    const matrix = x.rank === 2 ? (x as tf.Tensor2D) : (tf.reshape(x, [rows, this.size]) as tf.Tensor2D);
    const repeated = context === undefined || repeats === 1 ? context : tf.tile(context, [repeats, 1]);
    const { y, logDet }: Mapped = bijector[direction](matrix, repeated);
    if (x.rank === 2) return { y, logDet };
    return { y: tf.reshape(y, x.shape), logDet: tf.reshape(logDet, x.shape.slice(0, -1)) };
  }
}
