import { requireLength, requireObject, requireTypedNumbers, type TabularMdp } from '@maxent/core';
import { logSumExp } from '../numerics/log-sum-exp.js';
import type { BackwardPass } from './backward-pass.js';
import { type ControlOptions, type ControlProblem, prepareControl } from './control-options.js';
import { multiplyChainTransposed, policyChain, posteriorTransition, weighRows } from './policy-chain.js';
import { solveChain } from './solve-chain.js';

/**
 * Computes p(s_t) of each step, [T, states]: for `exact`, given that every step was optimal, so under the posterior
 * start and dynamics; otherwise under the true start and dynamics and the policy. An episode that has reached a
 * terminal state stays there; one ended by a discount read as termination no longer counts, and a step that no episode
 * can reach has zeros. Returns null if the start allows no episode without forbidden actions.
 */
export function stateMarginals(problem: ControlProblem, pass: BackwardPass): Float64Array | null {
  const { stateCount, actionCount } = problem.mdp;
  const { horizon, centeredV, offsets, policy } = pass;
  const start = startDistribution(problem, centeredV.subarray(0, stateCount));
  if (start === null) return null;
  const marginals = new Float64Array(horizon * stateCount);
  marginals.set(start);
  const rows = stateCount * actionCount;
  for (let t = 0; t + 1 < horizon; t++) {
    const next = centeredV.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    const chain =
      problem.inference === 'exact'
        ? posteriorTransition(problem, next, -offsets[t + 1]!)
        : problem.probs.slice();
    weighRows(problem, chain, policy.subarray(t * rows, (t + 1) * rows));
    const now = marginals.subarray(t * stateCount, (t + 1) * stateCount);
    const then = marginals.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    multiplyChainTransposed(problem, chain, now, then);
    const staying = problem.inference === 'exact' ? problem.discount : 1;
    for (const state of problem.terminalStates) then[state]! += staying * now[state]!;
    normalize(then);
  }
  return marginals;
}

interface ValuesAndPolicy {
  /** [states] */
  readonly V: Float64Array;
  /** [states, actions] */
  readonly policy: Float64Array;
}

/**
 * Computes the expected visits to each state when each step is the last with probability 1 - discount, as fractions of
 * all visits, [states]. V and policy are those that `solveTabular` returns for an infinite horizon. Start, dynamics and
 * terminal states are as in the `stateMarginals` of `inferControl`. Returns null at discount 1 and if the start allows
 * no episode without forbidden actions.
 *
 * Throws InvalidInputError that names the value at fault.
 */
export function discountedOccupancy(
  mdp: TabularMdp,
  solution: ValuesAndPolicy,
  options: ControlOptions,
): Float64Array | null {
  const problem = prepareControl(mdp, options);
  requireObject('solution', solution, 'solveTabular(mdp, options)');
  requireTypedNumbers('policy', solution.policy);
  requireLength('V', solution.V, mdp.stateCount);
  requireLength('policy', solution.policy, mdp.stateCount * mdp.actionCount);
  return occupancyOf(problem, solution);
}

/** Computes `discountedOccupancy` for a prepared problem. */
export function occupancyOf(problem: ControlProblem, solution: ValuesAndPolicy): Float64Array | null {
  if (problem.discount === 1) return null;
  const start = startDistribution(problem, solution.V);
  if (start === null) return null;
  // Use the given policy: if actions are equally good up to rounding, a recomputed one could differ.
  const chain = policyChain(problem, solution);
  const visits = solveChain(problem, chain, start, true);
  for (const state of problem.terminalStates) visits[state]! /= 1 - problem.discount;
  for (let state = 0; state < visits.length; state++) visits[state] = Math.max(0, visits[state]!);
  normalize(visits);
  return visits;
}

/**
 * Returns p(s_0), given optimality for `exact`; null if values of -Infinity rule out every start (`exact`) or any start
 * (the others).
 */
function startDistribution(
  { mdp, inference, temperature }: ControlProblem,
  V: Float64Array,
): Float64Array | null {
  const { initial } = mdp;
  if (inference !== 'exact') {
    return initial.some((probability, state) => probability > 0 && V[state] === -Infinity) ? null : initial;
  }
  const logWeights = initial.map((probability, state) => Math.log(probability) + V[state]! / temperature);
  const evidence = logSumExp(logWeights);
  return evidence === -Infinity ? null : logWeights.map((weight) => Math.exp(weight - evidence));
}

/** Makes values sum to 1; leaves values that are all 0. */
function normalize(values: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  if (sum === 0) return;
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
}
