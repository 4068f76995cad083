import { logSumExp } from '../numerics/log-sum-exp.js';
import type { BackwardPass } from './backward-pass.js';
import type { ControlProblem } from './control-options.js';
import { multiplyChainTransposed, policyChain, posteriorTransition, weighRows } from './policy-chain.js';
import { solveTransient } from './solve-transient.js';

/**
 * p(s_t) of each step, [T, states]: for `exact` given that every step was optimal, so under the posterior start and
 * dynamics; under the true start and dynamics and the policy otherwise. An episode that has reached a terminal state
 * stays there; one that a discount read as termination has ended no longer counts. Null when the start allows no
 * episode without forbidden actions.
 */
export function stateMarginals(problem: ControlProblem, pass: BackwardPass): Float64Array | null {
  const { stateCount, actionCount } = problem.mdp;
  const { horizon, centredV, offsets, policy } = pass;
  const start = startDistribution(problem, centredV.subarray(0, stateCount));
  if (start === null) return null;
  const marginals = new Float64Array(horizon * stateCount);
  marginals.set(start);
  const rows = stateCount * actionCount;
  for (let t = 0; t + 1 < horizon; t++) {
    const next = centredV.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    const chain =
      problem.inference === 'exact'
        ? posteriorTransition(problem, next, -offsets[t + 1]!)
        : problem.probabilities.slice();
    weighRows(problem, chain, policy.subarray(t * rows, (t + 1) * rows));
    const now = marginals.subarray(t * stateCount, (t + 1) * stateCount);
    const then = marginals.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    multiplyChainTransposed(problem, chain, now, then);
    const staying = problem.inference === 'exact' ? problem.discount : 1;
    for (const state of problem.terminalStates) then[state]! += staying * now[state]!;
    normalise(then);
  }
  return marginals;
}

/**
 * Expected visits to each state when each step is the last with probability 1 - discount, as shares of all visits,
 * [states]; start, dynamics and terminal states as in `stateMarginals`. The discount must be below 1.
 */
export function discountedOccupancy(problem: ControlProblem, V: Float64Array): Float64Array | null {
  const start = startDistribution(problem, V);
  if (start === null) return null;
  const chain = policyChain(problem, V);
  const multiply = (x: Float64Array, out: Float64Array) => multiplyChainTransposed(problem, chain, x, out);
  const visits = solveTransient(multiply, start);
  for (const state of problem.terminalStates) visits[state]! /= 1 - problem.discount;
  for (let state = 0; state < visits.length; state++) visits[state] = Math.max(0, visits[state]!);
  normalise(visits);
  return visits;
}

/** p(s_0), given optimality for `exact`; null when a start of positive probability is worth -Infinity. */
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

function normalise(values: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
}
