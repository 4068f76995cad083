import { InvalidInputError, requireCount, type TabularMdp } from '@maxent/core';
import { Backup, policyFromActionValues } from './backup.js';
import { type ControlOptions, type ControlProblem, prepareControl } from './control-options.js';
import { predecessorsOf, stronglyConnectedComponents, usableRows } from './reachability.js';
import { relativeValueIteration } from './relative-values.js';
import { rewardScale } from './reward-scale.js';

export interface AverageRewardOptions extends Omit<ControlOptions, 'discount' | 'discountAs'> {
  /** How far the average may be from the true one, as a share of the largest reward or temperature; default 1e-12. */
  readonly tolerance?: number;
  /** Sweeps after which to give up; default 1,000,000. */
  readonly maxIterations?: number;
}

export interface AverageReward {
  /**
   * What a step yields in the long run, entropy included for the soft backups. For `exact` temperature times the
   * logarithm of the dominant eigenvalue of the tilted matrix sum_a p(a | s) exp(r(s, a) / temperature) p(s' | s, a).
   */
  readonly averageReward: number;
  /** Values relative to the best state's; exp(V / temperature) is the dominant right eigenvector for `exact`. [states] */
  readonly relativeV: Float64Array;
  /** [states, actions] */
  readonly policy: Float64Array;
  readonly iterations: number;
  /** The average lies within this of `averageReward`: half the span of TV - V. */
  readonly residual: number;
}

/**
 * The infinite horizon without a discount for a process that never ends: averageReward + V = TV. For `exact` this is
 * the Perron problem of the optimistic posterior (Arriojas, Adamczyk, Tiomkin and Kulkarni 2023, "Entropy regularized
 * reinforcement learning using large deviation theory"): its optimal policy is `policy` and its dynamics
 * `posteriorDynamics(mdp, relativeV)`. The other backups give the soft and the hard average.
 *
 * Throws InvalidInputError for a process with terminal states, without allowed actions or whose states do not all reach
 * each other, where one average for all does not exist or does not determine the values, and when the sweeps run out.
 */
export function solveAverageReward(mdp: TabularMdp, options: AverageRewardOptions): AverageReward {
  const { tolerance = 1e-12, maxIterations = 1_000_000 } = options;
  if (!(tolerance > 0)) {
    throw new InvalidInputError('tolerance', `expected a number above 0, got ${tolerance}`);
  }
  requireCount('maxIterations', maxIterations);
  const problem = prepareControl(mdp, { ...options, discount: 1 });
  requireConnected(problem);
  const scale = rewardScale(problem);
  const whole = { componentOf: new Int32Array(mdp.stateCount), count: 1 };
  const { values, lower, upper, settled, iterations } = relativeValueIteration(
    problem,
    whole,
    maxIterations,
    (lower, upper, rounding) => upper[0]! - lower[0]! <= Math.max(2 * tolerance * scale, rounding),
  );
  const residual = (upper[0]! - lower[0]!) / 2;
  if (!settled) {
    throw new InvalidInputError(
      'maxIterations',
      `after ${iterations} sweeps the average was only known to lie between ${lower[0]} and ${upper[0]}; allow more ` +
        'sweeps or a larger tolerance',
    );
  }
  const q = new Float64Array(mdp.reward.length);
  const policy = new Float64Array(mdp.reward.length);
  new Backup(problem).actionValues(problem.biasedReward, values, 0, q);
  policyFromActionValues(problem, q, policy);
  return { averageReward: (lower[0]! + upper[0]!) / 2, relativeV: values, policy, iterations, residual };
}

function requireConnected(problem: ControlProblem): void {
  const { terminalStates } = problem;
  if (terminalStates.length > 0) {
    throw new InvalidInputError(
      `terminal[${terminalStates[0]}]`,
      'expected no terminal states: an average over an endless horizon is that of the end alone; use solveTabular',
    );
  }
  const usable = usableRows(problem, predecessorsOf(problem));
  if (!usable.includes(1)) {
    throw new InvalidInputError(
      'reward',
      'expected actions that can be taken for ever, got forbidden ones alone',
    );
  }
  const { componentOf, count } = stronglyConnectedComponents(problem, usable);
  if (count === 1) return;
  const other = componentOf.findIndex((component) => component !== componentOf[0]);
  throw new InvalidInputError(
    'transition',
    `expected states that all reach each other by allowed actions, got ${count} separate groups, such as those of ` +
      `states 0 and ${other}: the average may depend on the start; solve each group on its own`,
  );
}
