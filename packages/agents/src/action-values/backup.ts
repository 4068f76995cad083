import { DivergenceError, type Rng } from '@maxent/core';

/** Row-major action values, Q(s, .) of one state after another. */
export type ActionValues = Float32Array | Float64Array;

/**
 * The difference between hard and soft Q-learning: how the values of a state's actions become the state's value and its
 * policy. In all methods, the actions of a state are `values[start] ... values[start + count - 1]`.
 */
export interface Backup {
  /** V(s), for the Bellman target r + discount V(s'). */
  value(values: ActionValues, start: number, count: number): number;
  /**
   * V(s) with the policy from `selecting` and its value from `evaluating`, two estimates with different errors: the
   * double Q-learning of van Hasselt et al. 2016 (arXiv 1509.06461).
   */
  doubleValue(selecting: ActionValues, evaluating: ActionValues, start: number, count: number): number;
  /** Writes pi(. | s) into the first `count` entries of `probs`. */
  policyInto(values: ActionValues, start: number, count: number, probs: Float64Array): void;
  /**
   * What the objective adds to the reward of a step from s: V(s) - sum_a pi(a | s) Q(s, a). Absent if it is always 0.
   */
  bonus?(values: ActionValues, start: number, count: number): number;
}

/** The action with the highest value, the lowest action on ties. Throws DivergenceError if a value is not finite. */
export function greedyAction(values: ActionValues, start: number, count: number): number {
  let best = 0;
  for (let a = 0; a < count; a++) {
    const value = values[start + a]!;
    if (!Number.isFinite(value)) throw diverged(`the value of action ${a} is ${value}`);
    if (value > values[start + best]!) best = a;
  }
  return best;
}

/** A draw from a policy, [actions]. Throws DivergenceError if one of its probabilities is NaN. */
export function drawAction(rng: Rng, probs: Float64Array): number {
  const broken = probs.findIndex(Number.isNaN);
  if (broken >= 0) throw diverged(`the probability of action ${broken} is NaN`);
  return rng.categorical(probs);
}

/** The error of an agent whose numbers have become useless; `what` names the number. */
export function diverged(what: string): DivergenceError {
  return new DivergenceError(
    `${what}: learning has diverged. Start again with a smaller learning rate, or check the scale of rewards.`,
  );
}

/** V(s) = max_a Q(s, a), and the greedy policy. */
export const hardBackup: Backup = {
  value(values, start, count) {
    return values[start + greedyAction(values, start, count)]!;
  },
  doubleValue(selecting, evaluating, start, count) {
    return evaluating[start + greedyAction(selecting, start, count)]!;
  },
  policyInto(values, start, count, probs) {
    probs.fill(0, 0, count);
    probs[greedyAction(values, start, count)] = 1;
  },
};
