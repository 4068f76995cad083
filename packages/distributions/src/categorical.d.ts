import { type Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
/**
 * Distributions over the classes 0 to K - 1 with p = softmax(logits). A logit of -Infinity rules a class out; it
 * then has no part in samples, entropies and gradients. One logit at least must be finite.
 *
 * @throws InvalidInputError if the logits are a scalar.
 */
export declare class Categorical implements Distribution {
  private readonly logits;
  readonly eventShape: readonly number[];
  /** @param logits [...batchShape, K], unnormalised. */
  constructor(logits: tf.Tensor);
  get batchShape(): readonly number[];
  /** K, the number of classes. */
  get classes(): number;
  /** Probabilities of all classes, [...batchShape, K]. */
  probs(): tf.Tensor;
  /** Logarithms of `probs`, computed without forming them. */
  logProbs(): tf.Tensor;
  /** Class indices, int32; not differentiable. */
  sample(rng: Rng, sampleShape?: readonly number[]): tf.Tensor;
  sampleAndLogProb(rng: Rng, sampleShape?: readonly number[]): SampleAndLogProb;
  /** Of class indices; -Infinity for a number that is no class. */
  logProb(value: tf.Tensor): tf.Tensor;
  /** -sum_k p_k log p_k. */
  entropy(): tf.Tensor;
  /** The most likely class, the lowest on a tie, int32. */
  mode(): tf.Tensor;
}
/** sum_k p_k f_k over the last dimension; classes with p_k = 0 count 0 even if f_k is infinite, gradients too. */
export declare function expectation(probs: tf.Tensor, values: tf.Tensor): tf.Tensor;
//# sourceMappingURL=categorical.d.ts.map
