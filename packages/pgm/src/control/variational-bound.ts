import { requireObject, type TabularMdp } from '@maxent/core';
import { logSumExp } from '../numerics/log-sum-exp.js';
import { type BackwardPass, backwardPass } from './backward-pass.js';
import { type ActionPrior, type ControlProblem, prepareValidControl } from './control-options.js';
import { type ControlEvidence, startMean } from './infer-control.js';
import { multiplyChainTransposed, posteriorTransition, weighRows } from './policy-chain.js';
import { evaluatePolicy, policyAt } from './policy-evaluation.js';

/**
 * Computes the bound that a policy, run under the true start and dynamics, puts on the log evidence of `horizon`
 * optimal steps, E_q[sum of rewards / temperature - log(policy / p(a | s))], and the divergence KL(q || posterior) of
 * its trajectories from the posterior ones (Levine 2018, section 3). The divergence is summed step by step over starts,
 * actions and transitions; it equals the difference of evidence and bound, but is not computed from it. `policy` is as
 * in `evaluatePolicy`.
 *
 * Throws InvalidInputError that names the value at fault.
 */
export function variationalBound(
  mdp: TabularMdp,
  policy: Float64Array,
  options: { readonly horizon: number; readonly temperature?: number; readonly actionPrior?: ActionPrior },
): ControlEvidence {
  requireObject('options', options, '{ horizon: 10 }');
  const { horizon, temperature = 1 } = options;
  const { V } = evaluatePolicy(mdp, policy, options);
  const problem = prepareValidControl(mdp, { ...options, inference: 'exact' });
  const pass = backwardPass(problem, horizon);
  const logWeights = mdp.initial.map(
    (probability, state) => Math.log(probability) + pass.centeredV[state]! / temperature,
  );
  const evidence = logSumExp(logWeights);
  return {
    logEvidence: evidence + pass.offsets[0]! / temperature,
    elbo: startMean(mdp, V) / temperature,
    kl:
      evidence === -Infinity
        ? null
        : divergenceFromPosterior(
            problem,
            policy,
            pass,
            logWeights.map((weight) => Math.exp(weight - evidence)),
          ),
  };
}

/**
 * Computes KL(q || posterior) by the chain rule: starts, then for each step where q is, its actions and their
 * successors.
 */
function divergenceFromPosterior(
  problem: ControlProblem,
  policy: Float64Array,
  pass: BackwardPass,
  posteriorStart: Float64Array,
): number {
  const { mdp, probs, rowOffsets, terminalStates } = problem;
  const { stateCount, actionCount } = mdp;
  const rows = stateCount * actionCount;
  let total = 0;
  let now = mdp.initial.slice();
  now.forEach((probability, state) => {
    total += relativeEntropyTerm(probability, posteriorStart[state]!);
  });
  for (let t = 0; t < pass.horizon; t++) {
    const next = pass.centeredV.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    const posterior = posteriorTransition(problem, next, -pass.offsets[t + 1]!);
    const chosen = policyAt(policy, t, rows);
    for (let row = 0; row < rows; row++) {
      const state = Math.floor(row / actionCount);
      const visits = now[state]!;
      if (visits === 0 || mdp.terminal[state] === 1) continue;
      if (row % actionCount === 0 && !hasChoice(chosen, row, actionCount)) return Infinity;
      total += visits * relativeEntropyTerm(chosen[row]!, pass.policy[t * rows + row]!);
      if (chosen[row] === 0) continue;
      for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
        total += visits * chosen[row]! * relativeEntropyTerm(probs[i]!, posterior[i]!);
      }
    }
    const chain = probs.slice();
    weighRows(problem, chain, chosen);
    const then = new Float64Array(stateCount);
    multiplyChainTransposed(problem, chain, now, then);
    for (const state of terminalStates) then[state]! += now[state]!;
    now = then;
  }
  return total;
}

/**
 * Returns whether a policy has a choice in a state. If it can get to a state without one, the posterior lacks its
 * trajectories.
 */
function hasChoice(policy: Float64Array, row: number, actionCount: number): boolean {
  return policy.subarray(row, row + actionCount).some((probability) => probability > 0);
}

function relativeEntropyTerm(p: number, q: number): number {
  return p === 0 ? 0 : p * Math.log(p / q);
}
