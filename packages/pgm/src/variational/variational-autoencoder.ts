import { type Rng, requireCount } from '@maxent/core';
import { Bernoulli, DiagonalNormal, type Distribution, Independent } from '@maxent/distributions';
import { Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { analyticKlElbo } from './analytic-kl-elbo.js';
import { requireFiniteBound } from './require-finite-bound.js';

export interface VariationalAutoencoderOptions {
  /** Length of a datum. */
  readonly inputSize: number;
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. ReLU units. */
  readonly hiddenSizes: readonly number[];
  /** Length of a latent vector. */
  readonly latentSize: number;
  /**
   * p(x | z) from the decoder's output, [..., inputSize], with that event shape: by default a Bernoulli for each
   * component, `new Independent(new Bernoulli(output))`, for data that are only 0 and 1; for gray levels in [0, 1],
   * `new Independent(new ContinuousBernoulli(output))`; for real data, for example `new DiagonalNormal({ mean: output,
   * std: tf.scalar(0.1) })`.
   */
  readonly likelihood?: ((output: tf.Tensor) => Distribution) | undefined;
  /** Initializes the weights. */
  readonly rng: Rng;
}

/**
 * A variational autoencoder (Kingma and Welling 2014): p(z) = N(0, I), p(x | z) from a decoder network, and amortized
 * inference q(z | x) = N(mean(x), diag(exp(logStd(x)))^2) by an encoder network. Its methods return tensors or
 * distributions that hold tensors: call them inside `tf.tidy`.
 *
 * @throws InvalidInputError if a size is not a positive integer.
 */
export class VariationalAutoencoder {
  readonly latentSize: number;
  readonly encoder: Mlp;
  readonly decoder: Mlp;
  private readonly likelihood: (output: tf.Tensor) => Distribution;
  private started = false;

  constructor(options: VariationalAutoencoderOptions) {
    const { inputSize, hiddenSizes, latentSize, rng } = options;
    requireCount('latentSize', latentSize);
    this.latentSize = latentSize;
    this.encoder = new Mlp({ inputSize, hiddenSizes, outputSize: 2 * latentSize, rng });
    this.decoder = new Mlp({
      inputSize: latentSize,
      hiddenSizes: [...hiddenSizes].reverse(),
      outputSize: inputSize,
      rng,
    });
    this.likelihood = options.likelihood ?? ((output) => new Independent(new Bernoulli(output)));
  }

  /** What training changes: the encoder's weights, then the decoder's. */
  get parameters(): [encoder: tf.Variable, decoder: tf.Variable] {
    return [this.encoder.parameters, this.decoder.parameters];
  }

  /** Returns N(0, I), without batch dimensions. */
  prior(): DiagonalNormal {
    return new DiagonalNormal({ mean: tf.zeros([this.latentSize]), logStd: tf.scalar(0) });
  }

  /** Returns q(z | x) for data [batch, inputSize]. */
  posterior(x: tf.Tensor2D): DiagonalNormal {
    const [mean, logStd] = tf.split(this.encoder.apply(x), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalNormal({ mean, logStd });
  }

  /** Returns p(x | z) for latent vectors [..., latentSize]. */
  decode(latent: tf.Tensor): Distribution {
    const leading = latent.shape.slice(0, -1);
    const output = this.decoder.apply(tf.reshape(latent, [-1, this.latentSize]));
    return this.likelihood(tf.reshape(output, [...leading, this.decoder.outputSize]));
  }

  /** Returns log p(x | z), [K, batch], for data [batch, inputSize] and latent vectors [K, batch, latentSize]. */
  logLikelihood(x: tf.Tensor2D, latent: tf.Tensor): tf.Tensor {
    return tf.tidy(() => this.decode(latent).logProb(x));
  }

  /** Returns log p(x, z), [K, batch], for the same arguments. */
  logJoint(x: tf.Tensor2D, latent: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.add(this.logLikelihood(x, latent), this.prior().logProb(latent)));
  }

  /**
   * Returns `analyticKlElbo` with the encoder's posterior, [batch] in nats; to train, maximize its mean.
   *
   * @throws InvalidInputError for data that the likelihood refuses, such as bytes or gray levels for a Bernoulli, and
   * at the first call for data so large, such as bytes, that the bound is not finite.
   */
  elbo(x: tf.Tensor2D, options: { readonly numParticles: number; readonly rng: Rng }): tf.Tensor {
    return tf.tidy(() => {
      const bound = analyticKlElbo({
        ...options,
        posterior: this.posterior(x),
        prior: this.prior(),
        logLikelihood: (latent) => this.logLikelihood(x, latent),
      });
      if (!this.started) requireFiniteBound('x', bound, x);
      this.started = true;
      return bound;
    });
  }

  /** Frees the networks' parameters. */
  dispose(): void {
    this.encoder.dispose();
    this.decoder.dispose();
  }
}
