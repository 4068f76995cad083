import { InvalidInputError, type TabularMdp } from '@maxent/core';
import {
  type ActionPrior,
  type ControlInference,
  type ControlOptions,
  controlMessages,
  type FixedPointOptions,
  inferControl,
} from '@maxent/pgm';
import { restated } from '../../errors/restated.js';
import { actionNames } from '../names.js';

export const METHODS = ['hard', 'exact', 'variational'] as const satisfies readonly ControlInference[];

/** What one inference answers; arrays begin with a time index if there is a horizon. */
export interface MethodSolution {
  /** sum_s initial(s) V_0(s). */
  readonly startValue: number;
  /** [T + 1, states], or [states] for an infinite horizon. */
  readonly V: Float64Array;
  /** [T, states, actions], or [states, actions]. */
  readonly Q: Float64Array;
  readonly policy: Float64Array;
  /** p(s_t), [T, states], or the discounted occupancy, [states]; null where there is none. */
  readonly stateMarginals: Float64Array | null;
  readonly fixedPoint?: { readonly iterations: number; readonly residual: number };
}

export interface CompareOptions extends Omit<ControlOptions, 'inference' | 'actionPrior'>, FixedPointOptions {
  readonly actionPrior: ActionPrior;
  readonly horizon: number | null;
}

/** The three inferences on the same process. */
export interface Comparison {
  readonly mdp: TabularMdp;
  readonly actions: readonly string[];
  readonly horizon: number | null;
  readonly temperature: number;
  readonly discount: number;
  readonly actionPrior: ActionPrior;
  readonly methods: Readonly<Record<ControlInference, MethodSolution>>;
  /** log alpha_t(s), [T, states]; null without a horizon, and for a discount below 1. */
  readonly logForwardState: Float64Array | null;
  /** Log evidence, its variational bound and their gap, in nats; null for a gap of two infinities. */
  readonly logEvidence: number;
  readonly elbo: number;
  readonly kl: number | null;
}

/**
 * Solves with each inference. A discount below 1 ends episodes with probability 1 - discount per step, the only reading
 * that the exact posterior has. Throws InvalidInputError, which names the inference, where one has no solution.
 */
export function compareInference(mdp: TabularMdp, options: CompareOptions): Comparison {
  const { horizon, actionPrior, temperature = 1, discount = 1 } = options;
  const solve = (inference: ControlInference): MethodSolution & { kl: number | null } =>
    restated(
      () => {
        const termination = discount < 1 ? ({ discountAs: 'termination' } as const) : {};
        const { evidence, ...solution } = inferControl(mdp, { ...options, ...termination, inference });
        return { ...solution, startValue: meanOverStart(mdp, solution.V), kl: evidence?.kl ?? null };
      },
      (field, problem) => [field, `with inference "${inference}", ${problem}`],
    );
  // Names a temperature of 0 before `hard`, which does not read it, has done its work.
  if (!(temperature > 0)) {
    throw new InvalidInputError('temperature', `expected a number above 0 for --compare, got ${temperature}`);
  }
  const methods = { hard: solve('hard'), exact: solve('exact'), variational: solve('variational') };
  const logEvidence = logMeanExp(mdp, methods.exact.V, temperature);
  const elbo = methods.variational.startValue / temperature;
  return {
    mdp,
    actions: actionNames(mdp),
    horizon,
    temperature,
    discount,
    actionPrior,
    methods,
    logForwardState:
      horizon !== null && discount === 1
        ? controlMessages(mdp, { horizon, temperature, actionPrior }).logForwardState
        : null,
    logEvidence,
    elbo,
    // That of a finite horizon keeps its digits where evidence and bound are large; rounding may pass 0.
    kl: methods.exact.kl ?? (logEvidence === -Infinity ? null : Math.max(0, logEvidence - elbo)),
  };
}

/** sum_s initial(s) V(s); states that are never a start add nothing, even at -Infinity. */
export function meanOverStart({ initial }: TabularMdp, V: Float64Array): number {
  return initial.reduce((mean, p, state) => (p > 0 ? mean + p * V[state]! : mean), 0);
}

/** log sum_s initial(s) exp(V(s) / temperature). */
function logMeanExp({ initial }: TabularMdp, V: Float64Array, temperature: number): number {
  let most = -Infinity;
  initial.forEach((p, state) => {
    if (p > 0) most = Math.max(most, V[state]!);
  });
  if (!Number.isFinite(most)) return most;
  const sum = initial.reduce(
    (total, p, state) => (p > 0 ? total + p * Math.exp((V[state]! - most) / temperature) : total),
    0,
  );
  return most / temperature + Math.log(sum);
}
