import { type SquashedGaussianOptions, squashedGaussian, standardNormal } from '@maxent/backend';
import { InvalidInputError, type Rng, requireObject, requireRng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { DiagonalNormal } from './diagonal-normal.js';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { NoClosedFormError } from './no-closed-form-error.js';
import { checkSampleShape, requireTensor } from './shapes.js';
import { inverseOfTanh, outsideTanh, tanhLogDerivative } from './tanh-log-derivative.js';

/** A policy network's output, with the clamping bounds of `squashedGaussian` in @maxent/backend. */
export interface TanhNormalHead extends SquashedGaussianOptions {
  /** [batch, 2 * size]: means, then raw log standard deviations. */
  readonly head: tf.Tensor2D;
}

export interface TanhNormalSample extends SampleAndLogProb {
  /** The draw before squashing; `sample` is its tanh. */
  readonly raw: tf.Tensor;
}

/**
 * The tanh of a diagonal normal distribution, with each component in (-1, 1). With a = tanh(u),
 * log p(a) = sum_i log N(u_i; mean_i, std_i) - log(1 - tanh(u_i)^2) (Haarnoja et al. 2018, appendix C). The second
 * term is computed as 2 (log 2 - |u| - softplus(-2 |u|)), which stays exact where 1 - tanh(u)^2 rounds to 0.
 *
 * From |u| of about 9 on, tanh(u) is +-1 in float32 and u cannot be recovered from it. Keep `raw` and score that.
 *
 * @throws InvalidInputError if the head does not have an even number of columns.
 */
export class TanhNormal implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/TanhNormal');
  readonly reparameterized = true;

  /** From a distribution of raw values, or from a network's output, for which sampling uses the fused operation. */
  constructor(private readonly source: DiagonalNormal | TanhNormalHead) {
    requireObject('source', source, 'a DiagonalNormal or { head }');
    if (!('head' in source)) return;
    requireTensor('head', source.head);
    const { rank, shape } = source.head;
    if (rank !== 2 || shape[1] % 2 !== 0) {
      throw new InvalidInputError('head', `expected shape [batch, 2 * size], got [${shape}]`);
    }
  }

  get batchShape(): readonly number[] {
    return 'head' in this.source ? this.source.head.shape.slice(0, 1) : this.source.batchShape;
  }

  get eventShape(): readonly number[] {
    return 'head' in this.source ? [this.source.head.shape[1] / 2] : this.source.eventShape;
  }

  /** The distribution of raw values. If there is a head, each call slices it again. */
  base(): DiagonalNormal {
    return 'head' in this.source ? split(this.source) : this.source;
  }

  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    return tf.tidy(() => tf.tanh(this.base().sample(rng, sampleShape)));
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): TanhNormalSample {
    const { source } = this;
    if ('head' in source && sampleShape.length === 0) return sampleFused(source, rng);
    return tf.tidy(() => {
      const { sample: raw, logProb } = this.base().sampleAndLogProb(rng, sampleShape);
      return { sample: tf.tanh(raw), raw, logProb: tf.sub(logProb, tanhLogDerivative(raw)) };
    });
  }

  /**
   * The log-density of a squashed value, computed from its inverse; -Infinity beyond +-1. In float32, +-1 stands for
   * all raw values from +-8.66 on and is read as the nearest float32 inside, +-(1 - 2^-24). At and near the ends the
   * result is therefore finite but inexact. Use `logProbOfRaw` for values drawn here.
   */
  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    return tf.tidy(() => tf.add(this.logProbOfRaw(inverseOfTanh(value)), outsideTanh(value)));
  }

  /** The log-density of tanh(raw), exact for every finite `raw`. */
  logProbOfRaw(raw: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.sub(this.base().logProb(raw), tanhLogDerivative(raw)));
  }

  /** @throws NoClosedFormError always; use `estimateEntropy`. */
  entropy(): never {
    throw new NoClosedFormError(
      'entropy: a TanhNormal has no closed form; estimateEntropy(rng, samples) gives an unbiased estimate',
    );
  }

  /**
   * An unbiased estimate of the differential entropy in nats, [...batchShape]: the mean of -log p over `samples` draws,
   * differentiable in the parameters.
   */
  estimateEntropy(rng: Rng, samples: number): tf.Tensor {
    requireRng(rng);
    checkSampleShape([samples], 'samples');
    return tf.tidy(() => tf.neg(tf.mean(this.sampleAndLogProb(rng, [samples]).logProb, 0)));
  }

  /**
   * tanh(mean), the squashed mode of the raw values and the median of each component. SAC's deterministic action is
   * this. The density of the squashed value peaks elsewhere: for a large std, near +-1.
   */
  mode(): tf.Tensor {
    return tf.tidy(() => tf.tanh('head' in this.source ? meanOf(this.source) : this.source.mean()));
  }
}

function sampleFused({ head, ...options }: TanhNormalHead, rng: Rng): TanhNormalSample {
  return tf.tidy(() => {
    const [batch, width] = head.shape;
    const noise = standardNormal<tf.Rank.R2>([batch, width / 2], rng);
    const { action, rawAction, logProb } = squashedGaussian(head, noise, options);
    return { sample: action, raw: rawAction, logProb: logProb };
  });
}

/** The means alone: deterministic acting, which happens at every step, does not need the stds. */
function meanOf({ head }: TanhNormalHead): tf.Tensor {
  const [batch, width] = head.shape;
  return tf.slice(head, [0, 0], [batch, width / 2]);
}

function split(source: TanhNormalHead): DiagonalNormal {
  const [mean, rawLogStd] = tf.split(source.head, 2, 1) as [tf.Tensor, tf.Tensor];
  const { minimumLogStd = -20, maximumLogStd = 2 } = source;
  return new DiagonalNormal({
    mean,
    logStd: tf.clipByValue(rawLogStd, minimumLogStd, maximumLogStd),
  });
}
