import { type MixtureProposals, mixtureProposals, standardNormal, uniform } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Actions to estimate soft values with: state after state, K for each, in the cube [-1, 1]^d, [states * K, d]; and log q
 * of each, [states * K].
 */
export type Proposals = MixtureProposals;

export interface ProposalSizes {
  readonly states: number;
  /** K, the number of proposals for each state. */
  readonly perState: number;
  /** d */
  readonly size: number;
}

/** Uniform proposals: log q = -d log 2, since the cube's volume is 2^d. */
export function uniformProposals({ states, perState, size }: ProposalSizes, rng: Rng): Proposals {
  return {
    actions: uniform<tf.Rank.R2>([states * perState, size], rng, -1, 1),
    logDensities: tf.fill([states * perState], -size * Math.LN2),
  };
}

/**
 * Proposals near the policy's own actions. The density of its sampling network cannot be computed: where two noises lead to
 * one action, the change of variables does not hold. Given n draws from it for each state, q is instead a mixture of kernels
 * around the draws and of uniform distributions, which bound the weights where the policy misses what Q has learned:
 * `mixtureProposals` of @maxent/backend has the formula.
 *
 * @param draws of each state, before squashing, [states, n, d].
 * @param perState K, above n.
 */
export function policyProposals(draws: tf.Tensor3D, perState: number, rng: Rng): Proposals {
  const [states, drawsPerState, size] = draws.shape;
  return tf.tidy(() =>
    mixtureProposals({
      draws,
      noise: standardNormal<tf.Rank.R3>([states, drawsPerState, size], rng),
      uniforms: uniform<tf.Rank.R3>([states, perState - drawsPerState, size], rng, -1, 1),
    }),
  );
}
