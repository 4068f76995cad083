import { requireObject, type TabularMdp } from '@maxent/core';
import { logSumExp } from '../numerics/log-sum-exp.js';
import { absoluteValues, backwardPass, startValues } from './backward-pass.js';
import { type ControlOptions, prepareControl, prepareValidControl } from './control-options.js';
import { type FixedPointOptions, solveFixedPoint } from './fixed-point.js';
import { requireFiniteValues } from './require-finite-values.js';
import { occupancyOf, stateMarginals } from './state-marginals.js';

export interface InferControlOptions extends ControlOptions, FixedPointOptions {
  /** Number of decisions T, or null for the infinite horizon. */
  readonly horizon: number | null;
}

export interface ControlEvidence {
  /**
   * log p(all T steps optimal) = log sum_s initial(s) exp(V_0(s) / temperature) with V from `exact`, in nats; with
   * `actionPrior: 'none'` the action sequences are counted rather than averaged. -Infinity when none is possible.
   */
  readonly logEvidence: number;
  /** sum_s initial(s) V_0(s) / temperature with V from `variational`: the highest bound that any policy reaches. */
  readonly elbo: number;
  /**
   * `logEvidence - elbo`: the divergence of the variational trajectories from the posterior ones, in nats. Null if the
   * evidence is impossible, Infinity if only the bound is -Infinity.
   */
  readonly kl: number | null;
}

export interface ControlPosterior {
  /** Finite horizon: V_t, [T + 1, states], 0 at T. Infinite: [states]. */
  readonly V: Float64Array;
  /** Finite horizon: Q_t, [T, states, actions]. Infinite: [states, actions]. The prior is not part of it. */
  readonly Q: Float64Array;
  /**
   * Shaped as Q. In a terminal state it is the prior (uniform for `none`; the first action for `hard`); where every
   * action is forbidden, so where V is -Infinity, it is 0 throughout.
   */
  readonly policy: Float64Array;
  /**
   * Finite horizon: p(s_t), [T, states]. Infinite: the discounted occupancy, [states], null at discount 1. Start and
   * dynamics are the posterior ones for `exact` and the true ones otherwise. An episode that has ended stays in its
   * terminal state; one ended by a discount read as termination no longer counts, so a step that no episode can reach
   * has zeros. Null if forbidden actions make every episode (`exact`) or some start (the others) impossible.
   */
  readonly stateMarginals: Float64Array | null;
  /** Null for `hard`, for a discount below 1 and for the infinite horizon. */
  readonly evidence: ControlEvidence | null;
  /** How the fixed point of the infinite horizon was found; absent for a finite horizon. */
  readonly fixedPoint?: { readonly iterations: number; readonly residual: number };
}

/**
 * Solves control as inference on a finite MDP (Levine 2018, "Reinforcement learning and control as probabilistic
 * inference", sections 2 to 3): with p(O_t = 1 | s, a) = exp(r(s, a) / temperature), the backward messages are log
 * beta_t(s, a) = Q_t / temperature and log beta_t(s) = V_t / temperature, and the policy is p(a | s) beta_t(s, a) /
 * beta_t(s).
 *
 * Throws InvalidInputError that names the value at fault, or says why no infinite-horizon fixed point exists.
 */
export function inferControl(mdp: TabularMdp, options: InferControlOptions): ControlPosterior {
  requireObject('options', options, "{ inference: 'variational', horizon: 10 }");
  const problem = prepareControl(mdp, options);
  const { horizon } = options;
  if (horizon === null) {
    const { V, Q, policy, iterations, residual } = solveFixedPoint(problem, options);
    return {
      V,
      Q,
      policy,
      stateMarginals: occupancyOf(problem, { V, policy }),
      evidence: null,
      fixedPoint: { iterations, residual },
    };
  }
  requireFiniteValues(problem, horizon);
  const pass = backwardPass(problem, horizon);
  return {
    Q: pass.Q,
    policy: pass.policy,
    stateMarginals: stateMarginals(problem, pass),
    evidence: problem.inference === 'hard' || problem.discount < 1 ? null : evidenceOf(mdp, options, horizon),
    V: absoluteValues(pass),
  };
}

/**
 * Returns the log evidence of `horizon` optimal steps, its variational bound and their gap, in nats. The discount is 1.
 * Throws InvalidInputError that names the value at fault.
 */
export function controlEvidence(
  mdp: TabularMdp,
  options: Omit<ControlOptions, 'inference' | 'discount' | 'discountAs'> & { readonly horizon: number },
): ControlEvidence {
  requireObject('options', options, '{ horizon: 10 }');
  prepareControl(mdp, { ...options, inference: 'exact', discount: 1 });
  return evidenceOf(mdp, options, options.horizon);
}

function evidenceOf(
  mdp: TabularMdp,
  options: Omit<ControlOptions, 'inference'>,
  horizon: number,
): ControlEvidence {
  const exact = prepareValidControl(mdp, { ...options, inference: 'exact' });
  const variational = prepareValidControl(mdp, { ...options, inference: 'variational' });
  const optimistic = startValues(exact, horizon);
  const faithful = startValues(variational, horizon);
  const { temperature } = exact;
  const evidence = logSumExp(
    optimistic.centered.map((value, state) => Math.log(mdp.initial[state]!) + value / temperature),
  );
  const bound = startMean(mdp, faithful.centered) / temperature;
  const offsetGap = (optimistic.offset - faithful.offset) / temperature;
  return {
    logEvidence: evidence + optimistic.offset / temperature,
    elbo: bound + faithful.offset / temperature,
    // The offsets are subtracted first, so that the gap keeps its digits over long horizons; rounding may pass 0.
    kl: evidence === -Infinity ? null : Math.max(0, offsetGap + (evidence - bound)),
  };
}

/**
 * Returns sum_s initial(s) V(s), to which states that are never a start add nothing, even if their value is -Infinity.
 */
export function startMean({ initial }: TabularMdp, V: Float64Array): number {
  let mean = 0;
  initial.forEach((probability, state) => {
    if (probability > 0) mean += probability * V[state]!;
  });
  return mean;
}
