import { requireLength, requireObject, type SparseRows, type TabularMdp } from '@maxent/core';
import { type BackwardPass, backwardPass } from './backward-pass.js';
import { type ActionPrior, type ControlProblem, prepareControl } from './control-options.js';
import { posteriorTransition } from './policy-chain.js';

/**
 * Returns p(s' | s, a, optimal from s' on), proportional to p(s' | s, a) exp(V(s') / temperature): what an `exact`
 * agent believes its action will do, given `nextV` = V_{t+1} from `exact`, [states]. The row is `s * actions + a`; a
 * row whose successors all have the value -Infinity has zeros.
 *
 * Throws InvalidInputError that names the value at fault.
 */
export function posteriorDynamics(
  mdp: TabularMdp,
  nextV: Float64Array,
  options: { readonly temperature?: number } = {},
): SparseRows {
  const problem = prepareControl(mdp, { ...options, inference: 'exact' });
  requireLength('nextV', nextV, mdp.stateCount);
  const { rowOffsets, columns } = problem;
  return {
    rowCount: mdp.transition.rowCount,
    columnCount: mdp.stateCount,
    rowOffsets,
    columns,
    values: posteriorTransition(problem, nextV, 0),
  };
}

export interface Optimism {
  /** V_exact - V_variational, never negative; 0 where both are -Infinity. [T + 1, states] */
  readonly valueGap: Float64Array;
  /**
   * sum_a policy_exact(a | s) KL(p(s' | s, a, optimal) || p(s' | s, a)), in nats: how far the dynamics that the exact
   * policy counts on are from the true ones. [T, states]
   */
  readonly dynamicsDivergence: Float64Array;
}

/**
 * Measures where, and by how much, exact inference is optimistic: both measures are 0 where chance plays no further
 * part. The discount is 1. Throws InvalidInputError that names the value at fault.
 */
export function optimism(
  mdp: TabularMdp,
  options: { readonly horizon: number; readonly temperature?: number; readonly actionPrior?: ActionPrior },
): Optimism {
  requireObject('options', options, '{ horizon: 10 }');
  const { horizon } = options;
  const exact = prepareControl(mdp, { ...options, inference: 'exact' });
  const hopeful = backwardPass(exact, horizon);
  const sober = backwardPass({ ...exact, inference: 'variational' }, horizon);
  const { stateCount } = mdp;
  const valueGap = new Float64Array((horizon + 1) * stateCount);
  const dynamicsDivergence = new Float64Array(horizon * stateCount);
  for (let t = 0; t <= horizon; t++) {
    const offsetGap = hopeful.offsets[t]! - sober.offsets[t]!;
    for (let i = t * stateCount; i < (t + 1) * stateCount; i++) {
      if (hopeful.centeredV[i] === -Infinity) continue;
      valueGap[i] = Math.max(0, offsetGap + (hopeful.centeredV[i]! - sober.centeredV[i]!));
    }
    if (t < horizon) divergenceOfStep(exact, hopeful, t, dynamicsDivergence.subarray(t * stateCount));
  }
  return { valueGap, dynamicsDivergence };
}

function divergenceOfStep(problem: ControlProblem, pass: BackwardPass, t: number, out: Float64Array): void {
  const { mdp, rowOffsets, probs } = problem;
  const { stateCount, actionCount } = mdp;
  const next = pass.centeredV.subarray((t + 1) * stateCount, (t + 2) * stateCount);
  const posterior = posteriorTransition(problem, next, -pass.offsets[t + 1]!);
  for (let state = 0; state < stateCount; state++) {
    if (mdp.terminal[state] === 1) continue;
    for (let row = state * actionCount; row < (state + 1) * actionCount; row++) {
      const weight = pass.policy[t * stateCount * actionCount + row]!;
      let divergence = 0;
      for (let i = rowOffsets[row]!; weight > 0 && i < rowOffsets[row + 1]!; i++) {
        if (posterior[i]! > 0) divergence += posterior[i]! * Math.log(posterior[i]! / probs[i]!);
      }
      out[state]! += weight * Math.max(0, divergence);
    }
  }
}
