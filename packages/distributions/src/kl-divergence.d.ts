import * as tf from '@tensorflow/tfjs-core';
import type { Distribution } from './distribution.js';

type Class<D> = abstract new (...parameters: never[]) => D;
/**
 * Makes `klDivergence` know a pair of distribution classes; subclasses are included unless they register their own.
 *
 * @param kl KL(p || q) in nats, [...batchShape], differentiable in both; it runs inside `tf.tidy`, after the two
 * event shapes were found equal and the batch shapes compatible.
 * @throws InvalidInputError if the pair is registered already.
 */
export declare function registerKl<P extends Distribution, Q extends Distribution>(
  pClass: Class<P>,
  qClass: Class<Q>,
  kl: (p: P, q: Q) => tf.Tensor,
): void;
/**
 * The Kullback-Leibler divergence KL(p || q) = E_p[log p(x) - log q(x)] in nats by its closed form, [...batchShape].
 *
 * @throws InvalidInputError if the shapes do not fit each other.
 * @throws NoClosedFormError if nothing is registered for the pair.
 */
export declare function klDivergence(p: Distribution, q: Distribution): tf.Tensor;
//# sourceMappingURL=kl-divergence.d.ts.map
