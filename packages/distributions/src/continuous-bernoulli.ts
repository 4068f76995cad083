import { fillTensor, withoutGradient } from '@maxent/backend';
import { type Rng, requireRng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { requireValues } from './require-values.js';
import { checkBroadcastsWith, checkSampleShape, requireTensor } from './shapes.js';

/**
 * Below this |logit| / 2 the power series is used, above it the closed form; at the limit both are exact to float32.
 */
const SERIES_LIMIT = 0.75;
/** Above this a float32 exponential would overflow. */
const LOG_LARGEST = 88;
/** The coefficients of log(sinh(h) / h) in powers of h^2, starting at h^2. */
const LOG_SINHC = [1 / 6, -1 / 180, 1 / 2835, -1 / 37800, 1 / 467775, -691 / 3831077250];
/** Below this |logit| the quantile function is computed by a power series. */
const QUANTILE_SERIES_LIMIT = 1e-2;

/**
 * The continuous Bernoulli distribution of numbers in [0, 1], such as gray levels (Loaiza-Ganem and Cunningham 2019,
 * "The continuous Bernoulli: fixing a pervasive error in variational autoencoders"). Its density p(x) is proportional
 * to exp(logit x), that is, to lambda^x (1 - lambda)^(1 - x) for lambda = sigmoid(logit). The cross-entropy of a
 * Bernoulli leaves out the log normalizer, log(logit / tanh(logit / 2)). Here it is included, and is stable at logit 0
 * too, where the density is uniform.
 */
export class ContinuousBernoulli implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/ContinuousBernoulli');
  readonly eventShape: readonly number[] = [];
  readonly reparameterized = true;

  /** @param logits log(lambda / (1 - lambda)), [...batchShape]. The mean is not lambda: see `mean`. */
  constructor(private readonly logits: tf.Tensor) {
    requireTensor('logits', logits);
  }

  get batchShape(): readonly number[] {
    return this.logits.shape;
  }

  /** 1 / 2 + (coth h - 1 / h) / 2 with h = logit / 2. */
  mean(): tf.Tensor {
    return tf.tidy(() => tf.add(tf.mul(logSinhcSlope(this.half()), 0.5), 0.5));
  }

  /** Draws by the quantile function, log(1 + u (exp(logit) - 1)) / logit for uniform u; differentiable. */
  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    requireRng(rng);
    checkSampleShape(sampleShape);
    return tf.tidy(() => {
      const uniform = fillTensor([...sampleShape, ...this.batchShape], (values) => {
        for (let i = 0; i < values.length; i++) values[i] = ((rng.uint32() >>> 9) + 0.5) * 2 ** -23;
      });
      return quantile(uniform, this.logits);
    });
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const sample = this.sample(rng, sampleShape);
      return { sample, logProb: this.logDensity(sample) };
    });
  }

  /**
   * logit (x - 1 / 2) - log(sinh h / h) with h = logit / 2. For steep densities it is computed as
   * log |logit| - |logit| d - log(1 - exp(-|logit|)), with d the distance from the mode, where no large terms cancel.
   *
   * @throws InvalidInputError for values outside [0, 1].
   */
  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    checkBroadcastsWith('value', value.shape, this.batchShape);
    requireValues(
      value,
      (entry) => entry >= 0 && entry <= 1,
      'numbers from 0 to 1',
      'Scale data to that range; divide bytes by 255',
    );
    return tf.tidy(() => this.logDensity(value));
  }

  /**
   * The differential entropy, log(sinh h / h) - h (coth h - 1 / h) with h = logit / 2. It is at most 0, the entropy of
   * the uniform density.
   */
  entropy(): tf.Tensor {
    return tf.tidy(() =>
      bySize(
        this.half(),
        (half) => tf.sub(logSinhc(half), tf.mul(half, logSinhcSlope(half))),
        // By how much the log-density falls from the mode to the mean distance.
        (size) => {
          const steepness = tf.mul(size, 2);
          return tf.sub(tf.mul(steepness, meanDistance(steepness)), logPeak(steepness));
        },
      ),
    );
  }

  /** 1 where the logit is positive, 0 where it is negative, 1 / 2 where the density is uniform. */
  mode(): tf.Tensor {
    return tf.tidy(() => tf.add(tf.mul(tf.sign(this.logits), 0.5), 0.5));
  }

  /** KL(this || q) in nats, [...batchShape]. */
  klTo(q: ContinuousBernoulli): tf.Tensor {
    return tf.tidy(() => {
      const [own, other] = [this.half(), q.half()];
      // The log-densities differ by (logit_p - logit_q)(x - 1 / 2) minus the normalizers; E (x - 1 / 2) = slope / 2.
      const tilt = tf.mul(tf.sub(own, other), logSinhcSlope(own));
      const around = tf.add(tilt, tf.sub(logSinhc(other), logSinhc(own)));
      // The same, measured from p's mode, where steep densities lose no digits.
      const rising = isRising(this.logits);
      const [mine, its] = [this.logits, q.logits].map((logits) => tf.where(rising, logits, tf.neg(logits)));
      const ends = tf.sub(logDensityAtEnd(mine!), logDensityAtEnd(its!));
      const fromMode = tf.add(ends, tf.mul(tf.sub(its!, mine!), meanDistance(mine!)));
      const gentle = withoutGradient(() => tf.less(tf.maximum(tf.abs(own), tf.abs(other)), SERIES_LIMIT));
      return tf.where(gentle, around, fromMode);
    });
  }

  private half(): tf.Tensor {
    return tf.mul(this.logits, 0.5);
  }

  private logDensity(value: tf.Tensor): tf.Tensor {
    const rising = isRising(this.logits);
    const steepness = tf.where(rising, this.logits, tf.neg(this.logits));
    const distance = tf.where(rising, tf.sub(1, value), value);
    return tf.sub(logDensityAtEnd(steepness), tf.mul(steepness, distance));
  }
}

/** True where the mode is 1 and not 0. */
function isRising(logits: tf.Tensor): tf.Tensor {
  return withoutGradient(() => tf.greater(logits, 0));
}

/** The log-density at the end of [0, 1] towards which it rises by a total of `steepness`, or falls by -`steepness`. */
function logDensityAtEnd(steepness: tf.Tensor): tf.Tensor {
  const half = tf.mul(steepness, 0.5);
  return bySize(
    half,
    (h) => tf.sub(h, logSinhc(h)),
    (size) => tf.add(logPeak(tf.mul(size, 2)), tf.minimum(steepness, 0)),
  );
}

/**
 * The mean distance from that end, (1 - Langevin(h)) / 2 = 1 / l - 1 / (exp(l) - 1), where l = 2 h > 0 is the
 * steepness.
 */
function meanDistance(steepness: tf.Tensor): tf.Tensor {
  return bySize(
    tf.mul(steepness, 0.5),
    (h) => tf.mul(tf.sub(1, logSinhcSlope(h)), 0.5),
    (size) => {
      const steep = tf.mul(size, 2);
      return tf.sub(tf.div(1, steep), tf.div(1, tf.expm1(tf.minimum(steep, LOG_LARGEST))));
    },
  );
}

/** The log-density at the mode, log l - log(1 - exp(-l)) for l = |logit| > 0. */
function logPeak(size: tf.Tensor): tf.Tensor {
  return tf.sub(tf.log(size), tf.log1p(tf.neg(tf.exp(tf.neg(size)))));
}

/** log(sinh h / h) >= 0, even in h. */
function logSinhc(half: tf.Tensor): tf.Tensor {
  return bySize(
    half,
    (h) => {
      const square = tf.square(h);
      return tf.mul(polynomial(square, LOG_SINHC), square);
    },
    (size) => {
      const tail = tf.log1p(tf.neg(tf.exp(tf.mul(size, -2))));
      return tf.add(tf.sub(tf.sub(size, Math.LN2), tf.log(size)), tail);
    },
  );
}

/** The derivative of `logSinhc`, coth h - 1 / h in (-1, 1): Langevin's function. */
function logSinhcSlope(half: tf.Tensor): tf.Tensor {
  const slopes = LOG_SINHC.map((coefficient, i) => 2 * (i + 1) * coefficient);
  return bySize(
    half,
    (h) => tf.mul(polynomial(tf.square(h), slopes), h),
    (size) => tf.mul(tf.sign(half), tf.sub(tf.div(1, tf.tanh(size)), tf.div(1, size))),
  );
}

/** Uses `series` for small values and `closed` for the others; neither sees or differentiates the other's values. */
function bySize(
  half: tf.Tensor,
  series: (half: tf.Tensor) => tf.Tensor,
  closed: (size: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const small = withoutGradient(() => tf.less(tf.abs(half), SERIES_LIMIT));
  return tf.where(small, series(tf.where(small, half, 0)), closed(tf.where(small, 1, tf.abs(half))));
}

/** c_0 + c_1 x + c_2 x^2 + ... */
function polynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {
  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x));
}

/**
 * The quantile of the falling density with logit -|l|, where nothing overflows, mirrored where the logit is positive.
 */
function quantile(uniform: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const rising = withoutGradient(() => tf.greater(logits, 0));
  const small = withoutGradient(() => tf.less(tf.abs(logits), QUANTILE_SERIES_LIMIT));
  const ranks = tf.where(rising, tf.sub(1, uniform), uniform);
  const falling = tf.neg(tf.abs(logits));
  const safe = tf.where(small, -1, falling);
  const closed = tf.div(tf.log1p(tf.mul(ranks, tf.expm1(safe))), safe);
  // u (1 + l (1 - u) / 2 + l^2 (1 - u)(1 - 2 u) / 6); the next term is of order l^3.
  const gentle = tf.where(small, logits, 0);
  const second = tf.mul(tf.mul(gentle, tf.sub(1, tf.mul(uniform, 2))), 1 / 6);
  const first = tf.mul(tf.mul(gentle, tf.sub(1, uniform)), tf.add(second, 0.5));
  const series = tf.mul(uniform, tf.add(first, 1));
  const mirrored = tf.where(rising, tf.sub(1, closed), closed);
  return tf.clipByValue(tf.where(small, series, mirrored), 0, 1);
}
