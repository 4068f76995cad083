import { fillTensor, readTensor, standardNormal } from '@maxent/backend';
import { DivergenceError, type Rng } from '@maxent/core';
import { type Initializer, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { DescribedFlow } from '../flow/conditional-flow.js';
import { describePrior } from './describe-prior.js';
import { HEIGHT_LIMIT, logStdRange, MEAN_LIMIT, type PriorDesign, priorOutputs } from './prior-design.js';

export interface PriorOptions extends PriorDesign {
  readonly observationSize: number;
  readonly hiddenSizes: readonly number[];
  readonly rng: Rng;
}

/** Standard deviations start here, or at the nearest value that the middle 95 % of the range of log sigma allow. */
const INITIAL_STD = 0.6;
/** A new mixture's means lie within tanh of this times `MEAN_LIMIT`, so that its components differ. */
const INITIAL_MEAN = 0.5;

/**
 * The distribution of a flow's latent variable z in each state: the Gaussian N(0, diag sigma(s)^2), or a mixture of K of
 * them with means. It is kept as an unnormalized density g and its integral, which are what Q and V are made of:
 *
 *   g(z; s) = sum_k exp(l_k - 1/2 sum_i ((z_i - mu_ki) / sigma_ki)^2)
 *   integral of g = (2 pi)^(d/2) sum_k exp(l_k + sum_i log sigma_ki)
 *
 * One Gaussian has l = 0 and mu = 0 (MEow, Chao et al. 2024, arXiv 2405.13629); l_k is the log of a component's height.
 * One network computes everything, and ends in tanh: log sigma is scaled to [minimumLogStd, maximumLogStd], mu to [-4,
 * 4] and l to [-5, 5].
 */
export class Prior {
  private constructor(
    private readonly design: PriorDesign,
    readonly network: Mlp,
  ) {}

  static create({ observationSize, hiddenSizes, rng, ...design }: PriorOptions): Prior {
    const network = new Mlp({
      inputSize: observationSize,
      hiddenSizes,
      outputSize: priorOutputs(design),
      outputActivation: 'tanh',
      outputInitializer: initialOutputs(design),
      rng,
    });
    return new Prior(design, network);
  }

  /** A prior with a copy of these parameters, which only `polyakStep` updates. */
  createTarget(): Prior {
    return new Prior(this.design, this.network.createTarget());
  }

  at(observations: tf.Tensor2D): PriorAt {
    return new PriorAt(this.design, this.network.apply(observations));
  }

  /** This prior as a flow of N(0, I); its tensors' names begin with `<part>/`. */
  describe(part: string): DescribedFlow {
    return describePrior(part, this.design, this.network);
  }
}

/** A prior in each of B states; its methods are called in a tidy. */
export class PriorAt {
  /** [B, K, d] */
  private readonly logStd: tf.Tensor3D;
  /** mu, [B, K, d], and l, [B, K]; absent where they are 0. */
  private readonly mixture: { readonly mean: tf.Tensor3D; readonly logHeight: tf.Tensor2D } | undefined;
  private readonly components: number;
  private readonly size: number;

  /** @param outputs of the network, in [-1, 1]: [heights of K components if K > 1, log stds, means if K > 1]. */
  constructor(design: PriorDesign, outputs: tf.Tensor2D) {
    const { components, size } = design;
    this.components = components;
    this.size = size;
    const { middle, halfRange } = logStdRange(design);
    const [batch] = outputs.shape;
    const block = (from: number): tf.Tensor3D =>
      tf.reshape(tf.slice(outputs, [0, from], [batch, components * size]), [batch, components, size]);
    if (components === 1) {
      this.logStd = tf.add(tf.mul(block(0), halfRange), middle);
      this.mixture = undefined;
      return;
    }
    this.logStd = tf.add(tf.mul(block(components), halfRange), middle);
    this.mixture = {
      mean: tf.mul(block(components + components * size), MEAN_LIMIT),
      logHeight: tf.mul(tf.slice(outputs, [0, 0], [batch, components]), HEIGHT_LIMIT),
    };
  }

  /** log g(z), [B]. */
  logShape(z: tf.Tensor2D): tf.Tensor1D {
    const { mixture } = this;
    const rows: tf.Tensor3D = tf.expandDims(z, 1);
    const centered = mixture === undefined ? rows : tf.sub(rows, mixture.mean);
    const standardized = tf.mul(centered, tf.exp(tf.neg(this.logStd)));
    return this.overComponents(tf.mul(tf.sum(tf.square(standardized), 2), -0.5));
  }

  /** log of the integral of g, [B]. */
  logNormalizer(): tf.Tensor1D {
    const constant = 0.5 * this.size * Math.log(2 * Math.PI);
    return tf.add(this.overComponents(tf.sum(this.logStd, 2)), constant);
  }

  /** A draw of z in each state, [B, d]: standard normal numbers first, then each state's component. */
  sample(rng: Rng): tf.Tensor2D {
    const noise = standardNormal<tf.Rank.R2>([this.logStd.shape[0], this.size], rng);
    const { logStd, mean } = this.component((probs) => rng.categorical(probs));
    const z: tf.Tensor2D = tf.mul(noise, tf.exp(logStd));
    return mean === undefined ? z : tf.add(z, mean);
  }

  /** The mean of the most probable component in each state, [B, d]: 0 for one Gaussian, its mode. */
  mode(): tf.Tensor2D {
    const { mean } = this.component((probs) => probs.indexOf(Math.max(...probs)));
    return mean ?? tf.zeros<tf.Rank.R2>([this.logStd.shape[0], this.size]);
  }

  /** Mean over states, components and entries. */
  meanLogStd(): tf.Scalar {
    return tf.mean(this.logStd);
  }

  /** log sum_k exp(l_k + values_k), [B], of values [B, K]. */
  private overComponents(values: tf.Tensor): tf.Tensor1D {
    return this.mixture === undefined
      ? tf.squeeze(values, [1])
      : tf.logSumExp(tf.add(values, this.mixture.logHeight), 1);
  }

  /** The component that `choose` picks in each state, given the probabilities of all. */
  private component(choose: (probs: Float64Array) => number): { logStd: tf.Tensor2D; mean?: tf.Tensor2D } {
    const { mixture, components, logStd } = this;
    if (mixture === undefined) {
      const only: tf.Tensor2D = tf.squeeze(logStd, [1]);
      return { logStd: only };
    }
    const logits = readTensor(tf.add(mixture.logHeight, tf.sum(logStd, 2)));
    const batch = logStd.shape[0];
    const chosen = Array.from({ length: batch }, (_, row) =>
      choose(softmax(logits.subarray(row * components, (row + 1) * components))),
    );
    const picked = fillTensor<tf.Rank.R3>([batch, components, 1], (values) => {
      values.fill(0);
      for (const [row, component] of chosen.entries()) values[row * components + component] = 1;
    });
    const pick = (values: tf.Tensor3D): tf.Tensor2D => tf.sum(tf.mul(values, picked), 1);
    return { logStd: pick(logStd), mean: pick(mixture.mean) };
  }
}

function softmax(logits: Float32Array): Float64Array {
  const largest = Math.max(...logits);
  if (!Number.isFinite(largest)) {
    throw new DivergenceError(
      `meow: the prior's components have the log weights ${logits}: learning has diverged`,
    );
  }
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Output layer that ignores the state at first: zero weights, and biases for the start of each output. */
function initialOutputs(design: PriorDesign): Initializer {
  const { components, size } = design;
  const { middle, halfRange } = logStdRange(design);
  const wanted = (Math.log(INITIAL_STD) - middle) / halfRange;
  const rawLogStd = Math.atanh(Math.min(Math.max(wanted, -0.95), 0.95));
  return ({ weight, bias }, rng) => {
    weight.fill(0);
    bias.fill(rawLogStd);
    if (components === 1) return;
    bias.fill(0, 0, components);
    rng.fillUniform(bias.subarray(components * (1 + size)), -INITIAL_MEAN, INITIAL_MEAN);
  };
}
