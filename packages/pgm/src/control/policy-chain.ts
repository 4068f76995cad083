import { Backup, policyFromActionValues } from './backup.js';
import type { ControlProblem } from './control-options.js';
import type { EndingChain } from './solve-chain.js';

/**
 * Returns the chain of a policy: it goes on to s' with action a with probability policy(a | s) times discount p(s' | s,
 * a) or, for `exact`, times the posterior p(s' | s, a, optimal) that follows from V. Terminal states have zeros and
 * end.
 */
export function policyChain(
  problem: ControlProblem,
  { V, policy }: { readonly V: Float64Array; readonly policy: Float64Array },
): EndingChain {
  if (problem.inference !== 'exact') return discountedChain(problem, policy);
  const ends = new Float64Array(policy.length);
  const entries = posteriorTransition(problem, V, 0, ends);
  weighRows(problem, entries, policy);
  return { entries, ending: endingOf(problem, policy, (row) => ends[row]!) };
}

/** Returns the true dynamics under a policy, where each step is the last with probability 1 - discount. */
export function discountedChain(problem: ControlProblem, policy: Float64Array): EndingChain {
  const { probs, discount } = problem;
  const entries = probs.map((p) => p * discount);
  weighRows(problem, entries, policy);
  return { entries, ending: endingOf(problem, policy, () => 1 - discount) };
}

/** Returns the mean over the policy of the probability that a row ends; 1 where the policy goes nowhere. */
function endingOf(
  { mdp, terminalStates }: ControlProblem,
  policy: Float64Array,
  endOf: (row: number) => number,
): Float64Array {
  const ending = new Float64Array(mdp.stateCount);
  for (let state = 0, row = 0; state < ending.length; state++) {
    let chosen = 0;
    for (let action = 0; action < mdp.actionCount; action++, row++) {
      chosen += policy[row]!;
      ending[state]! += policy[row]! * endOf(row);
    }
    if (chosen === 0) ending[state] = 1;
  }
  for (const state of terminalStates) ending[state] = 1;
  return ending;
}

/** Returns the chain of the policy that is best for V: the derivative of a sweep. */
export function greedyChain(problem: ControlProblem, V: Float64Array): EndingChain {
  const { reward } = problem.mdp;
  const q = new Float64Array(reward.length);
  const policy = new Float64Array(reward.length);
  new Backup(problem).actionValues(problem.biasedReward, V, 0, q);
  policyFromActionValues(problem, q, policy);
  return policyChain(problem, { V, policy });
}

/** Multiplies the entries of each row by that row's weight, and the entries of terminal states by 0. */
export function weighRows(problem: ControlProblem, entries: Float64Array, weights: Float64Array): void {
  const { mdp, rowOffsets, terminalStates } = problem;
  for (let row = 0; row < weights.length; row++) {
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) entries[i]! *= weights[row]!;
  }
  for (const state of terminalStates) {
    entries.fill(0, rowOffsets[state * mdp.actionCount]!, rowOffsets[(state + 1) * mdp.actionCount]!);
  }
}

/** Computes out(s') = sum over s and a of x(s) chain(s, a, s'): moves probability forward in time. */
export function multiplyChainTransposed(
  { mdp, rowOffsets, columns }: ControlProblem,
  chain: Float64Array,
  x: Float64Array,
  out: Float64Array,
): void {
  out.fill(0);
  let i = 0;
  for (let state = 0; state < mdp.stateCount; state++) {
    const end = rowOffsets[(state + 1) * mdp.actionCount]!;
    const from = x[state]!;
    for (; i < end; i++) out[columns[i]!]! += from * chain[i]!;
  }
}

/**
 * Returns p(s' | s, a, optimal from s' on), proportional to p(s' | s, a) exp(V(s') / temperature), one number for each
 * entry of `problem.columns`. A row sums to 1 minus the posterior probability that `discount` ends the episode, with
 * value `endValue`; that probability is written to `ends`, [states, actions]. A row from which nothing optimal can
 * follow has zeros.
 */
export function posteriorTransition(
  problem: ControlProblem,
  next: Float64Array,
  endValue: number,
  ends?: Float64Array,
): Float64Array {
  const { rowOffsets, columns, probs, discount, temperature } = problem;
  const posterior = new Float64Array(probs.length);
  for (let row = 0; row + 1 < rowOffsets.length; row++) {
    const start = rowOffsets[row]!;
    const end = rowOffsets[row + 1]!;
    let maximum = discount < 1 ? endValue : -Infinity;
    for (let i = start; i < end; i++) maximum = Math.max(maximum, next[columns[i]!]!);
    if (maximum === -Infinity) continue;
    const endWeight = discount < 1 ? (1 - discount) * Math.exp((endValue - maximum) / temperature) : 0;
    let sum = endWeight;
    for (let i = start; i < end; i++) {
      sum += posterior[i] = discount * probs[i]! * Math.exp((next[columns[i]!]! - maximum) / temperature);
    }
    if (ends !== undefined) ends[row] = endWeight / sum;
    for (let i = start; i < end; i++) posterior[i]! /= sum;
  }
  return posterior;
}
