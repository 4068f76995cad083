import { InvalidInputError, requireCount, requireObject, type TabularMdp } from '@maxent/core';
import { Backup, policyFromActionValues } from './backup.js';
import { type ActionPrior, prepareControl } from './control-options.js';
import { requireFixedPoint } from './fixed-point-exists.js';
import { evaluatePolicy } from './policy-evaluation.js';
import { predecessorsOf, usableRows } from './reachability.js';
import { rewardScale } from './reward-scale.js';

export interface SoftPolicyIterationOptions {
  /** At least 0, default 1; 0 is policy iteration without entropy. */
  readonly temperature?: number;
  /** In (0, 1]; default 1. */
  readonly discount?: number;
  /** Default `none`. */
  readonly actionPrior?: ActionPrior;
  /** The number of evaluations after which to give up; default 1,000. */
  readonly maxIterations?: number;
}

export interface SoftPolicyIteration {
  /** [states, actions] */
  readonly policy: Float64Array;
  /** Its soft values, [states]. */
  readonly V: Float64Array;
  /** [states, actions] */
  readonly Q: Float64Array;
  /** The number of policies that were evaluated. */
  readonly iterations: number;
}

const ROUNDING = 1e-13;

/**
 * Rounding in the values up to this fraction of the largest reward or temperature still lets them tell actions apart.
 */
const LARGEST_ROUNDING = 1e-3;

/**
 * Runs soft policy iteration (Haarnoja et al. 2018, "Soft actor-critic", theorem 1): evaluates a policy exactly, moves
 * to p(a | s) exp(Q(s, a) / temperature) normalized, and repeats until no value rises anymore. The first policy is
 * uniform over the actions that can go on without doing anything forbidden. The horizon is infinite, and the dynamics
 * are the true ones.
 *
 * Throws InvalidInputError as `solveTabular` does, when the iterations run out, or with field `discount` when it is so
 * close to 1, within about 1e-13, that values are too large for their digits to tell actions apart; `solveTabular` does
 * not need those digits.
 */
export function softPolicyIteration(
  mdp: TabularMdp,
  options: SoftPolicyIterationOptions = {},
): SoftPolicyIteration {
  requireObject('options', options, '{ discount: 0.99 }');
  const { temperature = 1, discount = 1, actionPrior = 'none', maxIterations = 1000 } = options;
  requireCount('maxIterations', maxIterations);
  const problem = prepareControl(mdp, {
    inference: temperature === 0 ? 'hard' : 'variational',
    discount,
    actionPrior,
    ...(temperature !== 0 && { temperature }),
  });
  requireFixedPoint(problem);
  const usable = usableRows(problem, predecessorsOf(problem));
  const q = Float64Array.from(usable, (flag) => (flag === 1 ? 0 : -Infinity));
  const policy = new Float64Array(q.length);
  policyFromActionValues({ ...problem, inference: 'variational' }, q, policy);
  const backup = new Backup(problem);
  const scale = rewardScale(problem);
  let previous: Float64Array | null = null;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const { V, Q } = evaluatePolicy(mdp, policy, { horizon: null, temperature, discount, actionPrior });
    requireDigits(V, scale, discount);
    if (previous !== null && !rises(previous, V, scale)) return { policy, V, Q, iterations };
    previous = V;
    backup.actionValues(problem.biasedReward, V, 0, q);
    policyFromActionValues(problem, q, policy);
  }
  throw new InvalidInputError(
    'maxIterations',
    `the values were still rising after ${maxIterations} policies; allow more, or use a smaller discount`,
  );
}

/** Throws if rounding in values hides differences between rewards of size `scale`. */
function requireDigits(V: Float64Array, scale: number, discount: number): void {
  const largest = V.reduce(
    (most, value) => (value === -Infinity ? most : Math.max(most, Math.abs(value))),
    0,
  );
  if (largest * Number.EPSILON <= LARGEST_ROUNDING * scale) return;
  throw new InvalidInputError(
    'discount',
    `${discount} is so close to 1 that values reach ${largest}, where rewards and temperatures of ${scale} are lost ` +
      'to rounding; use solveTabular, or a smaller discount',
  );
}

/** Returns whether some value has risen by more than rounding, of the values or of what makes them up. */
function rises(before: Float64Array, after: Float64Array, leastScale: number): boolean {
  let scale = leastScale;
  for (const value of after) if (value !== -Infinity) scale = Math.max(scale, Math.abs(value));
  return after.some((value, state) => value > before[state]! + ROUNDING * scale);
}
