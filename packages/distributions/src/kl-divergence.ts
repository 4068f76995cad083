import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { Bernoulli } from './bernoulli.js';
import { Categorical, expectation } from './categorical.js';
import { ContinuousBernoulli } from './continuous-bernoulli.js';
import { DiagonalNormal } from './diagonal-normal.js';
import type { Distribution } from './distribution.js';
import { Independent } from './independent.js';
import { MultivariateNormal } from './multivariate-normal.js';
import { NoClosedFormError } from './no-closed-form-error.js';
import { Normal } from './normal.js';
import { checkBroadcastsWith } from './shapes.js';
import { TanhNormal } from './tanh-normal.js';

type Class<D> = abstract new (...parameters: never[]) => D;
type KlFunction = (p: Distribution, q: Distribution) => tf.Tensor;

/** The registered functions, by `keyOf` of the classes of p and q. */
const registry = new Map<unknown, Map<unknown, KlFunction>>();

/**
 * Registers a pair of distribution classes for `klDivergence`, including their subclasses unless these register their
 * own.
 *
 * @param kl KL(p || q) in nats, [...batchShape], differentiable in both. It runs inside `tf.tidy`, after a check that
 * the event shapes are equal and the batch shapes compatible.
 * @throws InvalidInputError if the pair is already registered.
 */
export function registerKl<P extends Distribution, Q extends Distribution>(
  pClass: Class<P>,
  qClass: Class<Q>,
  kl: (p: P, q: Q) => tf.Tensor,
): void {
  const row = registry.get(keyOf(pClass)) ?? new Map<unknown, KlFunction>();
  if (row.has(keyOf(qClass))) {
    throw new InvalidInputError(
      'registerKl',
      `the pair (${pClass.name}, ${qClass.name}) is already registered`,
    );
  }
  row.set(keyOf(qClass), kl as KlFunction);
  registry.set(keyOf(pClass), row);
}

/**
 * The Kullback-Leibler divergence KL(p || q) = E_p[log p(x) - log q(x)] in nats, in closed form, [...batchShape].
 *
 * @throws InvalidInputError if the shapes are not compatible.
 * @throws NoClosedFormError if nothing is registered for the pair.
 */
export function klDivergence(p: Distribution, q: Distribution): tf.Tensor {
  const kl = lookUp(p, q);
  if (p.eventShape.join() !== q.eventShape.join()) {
    throw new InvalidInputError('q', `expected p's event shape, [${p.eventShape}], got [${q.eventShape}]`);
  }
  checkBroadcastsWith('q', q.batchShape, p.batchShape);
  return tf.tidy(() => kl(p, q));
}

function lookUp(p: Distribution, q: Distribution): KlFunction {
  for (const pClass of classesOf(p)) {
    const row = registry.get(pClass);
    if (row === undefined) continue;
    for (const qClass of classesOf(q)) {
      const kl = row.get(qClass);
      if (kl !== undefined) return kl;
    }
  }
  const [pName, qName] = [p.constructor.name, q.constructor.name];
  throw new NoClosedFormError(
    `klDivergence: no closed form is registered for (${pName}, ${qName}); add one with ` +
      `registerKl(${pName}, ${qName}, (p, q) => ...) or estimate it with monteCarloKl(p, q, { samples, rng })`,
  );
}

/**
 * The key under which a class is registered: for a class of this package the symbol that another copy's class has too,
 * otherwise the class itself.
 */
function keyOf(owner: object): unknown {
  return Object.hasOwn(owner, 'kind') ? (owner as { readonly kind?: unknown }).kind : owner;
}

/** The key of an object's class, then those of its superclasses. */
function* classesOf(object: object): Generator<unknown> {
  for (let prototype = Object.getPrototypeOf(object); prototype !== null; ) {
    yield keyOf(prototype.constructor);
    prototype = Object.getPrototypeOf(prototype);
  }
}

/** log(sq / sp) + (sp^2 + (mp - mq)^2) / (2 sq^2) - 1/2, with the ratio of the stds computed from logarithms. */
function klOfNormals(p: Normal, q: Normal): tf.Tensor {
  const logRatio = tf.sub(p.logStd(), q.logStd());
  const distance = tf.div(tf.sub(p.mean(), q.mean()), q.std());
  // expm1 keeps the digits that exp(.) - 1 would lose for nearly equal stds.
  return tf.sub(tf.mul(tf.add(tf.expm1(tf.mul(logRatio, 2)), tf.square(distance)), 0.5), logRatio);
}

/** ((|Lq^-1 Lp|^2 + |Lq^-1 (mp - mq)|^2 - n) / 2 + sum_i log Lq_ii - log Lp_ii, with the Frobenius norm. */
function klOfMultivariateNormals(p: MultivariateNormal, q: MultivariateNormal): tf.Tensor {
  const spread = tf.sum(tf.square(q.whiten(p.scaleTril())), [-2, -1]);
  const displacement = tf.expandDims(tf.sub(p.mean(), q.mean()), -1);
  const distance = tf.sum(tf.square(q.whiten(displacement)), [-2, -1]);
  const half = tf.mul(tf.sub(tf.add(spread, distance), p.eventShape[0]!), 0.5);
  return tf.add(half, tf.sub(q.halfLogDeterminant(), p.halfLogDeterminant()));
}

/** The divergences of the components, summed over the event. */
function klOfIndependents(p: Independent, q: Independent): tf.Tensor {
  if (p.reinterpretedBatchDimensions !== q.reinterpretedBatchDimensions) {
    throw new InvalidInputError(
      'q',
      `expected ${p.reinterpretedBatchDimensions} reinterpreted batch dimensions, as in p, got ${q.reinterpretedBatchDimensions}`,
    );
  }
  return p.sumOverEvent(klDivergence(p.base, q.base));
}

registerKl(Normal, Normal, klOfNormals);
registerKl(DiagonalNormal, DiagonalNormal, (p, q) => tf.sum(klOfNormals(p.components, q.components), -1));
registerKl(MultivariateNormal, MultivariateNormal, klOfMultivariateNormals);
registerKl(DiagonalNormal, MultivariateNormal, (p, q) =>
  klOfMultivariateNormals(MultivariateNormal.fromDiagonal(p), q),
);
registerKl(MultivariateNormal, DiagonalNormal, (p, q) =>
  klOfMultivariateNormals(p, MultivariateNormal.fromDiagonal(q)),
);
registerKl(Independent, Independent, klOfIndependents);
registerKl(Independent, DiagonalNormal, (p, q) => klOfIndependents(p, new Independent(q.components)));
registerKl(DiagonalNormal, Independent, (p, q) => klOfIndependents(new Independent(p.components), q));
/** The divergence does not change when both sides go through the same invertible map. */
registerKl(TanhNormal, TanhNormal, (p, q) => klDivergence(p.base(), q.base()));
registerKl(Categorical, Categorical, (p, q) => {
  if (p.classes !== q.classes) {
    throw new InvalidInputError('q', `expected ${p.classes} classes, as in p, got ${q.classes}`);
  }
  return expectation(p.probs(), tf.sub(p.logProbs(), q.logProbs()));
});
registerKl(Bernoulli, Bernoulli, (p, q) => {
  // Compute the log-probabilities separately: the shorter form in logits loses digits for almost certain coins.
  const one = tf.mul(p.probs(), tf.sub(p.logProbs(), q.logProbs()));
  const [pOther, qOther] = [p.opposite(), q.opposite()];
  return tf.add(one, tf.mul(pOther.probs(), tf.sub(pOther.logProbs(), qOther.logProbs())));
});
registerKl(ContinuousBernoulli, ContinuousBernoulli, (p, q) => p.klTo(q));
