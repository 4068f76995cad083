import { InvalidInputError, requireCount, requireObject, type TabularMdp } from '@maxent/core';
import { Backup, changeBySweep, policyFromActionValues } from './backup.js';
import { type ControlOptions, type ControlProblem, prepareControl } from './control-options.js';
import { greedyChain } from './policy-chain.js';
import { predecessorsOf, stronglyConnectedComponents, usableRows } from './reachability.js';
import { relativeValueIteration } from './relative-values.js';
import { rewardScale } from './reward-scale.js';
import { solveRelative } from './solve-chain.js';

export interface AverageRewardOptions extends Omit<ControlOptions, 'discount' | 'discountAs'> {
  /** The largest error allowed in the average, relative to the largest reward or temperature; default 1e-12. */
  readonly tolerance?: number;
  /** The number of sweeps after which to give up; default 1,000,000. */
  readonly maxIterations?: number;
}

export interface AverageReward {
  /**
   * The average reward per step in the long run, plus entropy for the soft backups. For `exact` it is temperature times
   * the logarithm of the dominant eigenvalue of the tilted matrix sum_a p(a | s) exp(r(s, a) / temperature) p(s' | s,
   * a).
   */
  readonly averageReward: number;
  /**
   * Values relative to the best state's; exp(V / temperature) is the dominant right eigenvector for `exact`. [states]
   */
  readonly relativeV: Float64Array;
  /** [states, actions] */
  readonly policy: Float64Array;
  readonly iterations: number;
  /** Half the span of TV - V, which encloses the average. */
  readonly residual: number;
}

const ROUNDING = 16 * Number.EPSILON;

/**
 * Solves the infinite horizon without a discount, for a process that never ends: averageReward + V = TV. For `exact`
 * this is the Perron problem of the optimistic posterior (Arriojas, Adamczyk, Tiomkin and Kulkarni 2023, "Entropy
 * regularized reinforcement learning using large deviation theory"): its optimal policy is `policy` and its dynamics
 * `posteriorDynamics(mdp, relativeV)`. The other backups give the soft and the hard average.
 *
 * Throws InvalidInputError for a process with terminal states, without allowed actions, or whose states do not all
 * reach each other (there is then no single average, or it does not determine the values), and when the sweeps run out.
 */
export function solveAverageReward(mdp: TabularMdp, options: AverageRewardOptions): AverageReward {
  requireObject('options', options, "{ inference: 'variational' }");
  const { tolerance = 1e-12, maxIterations = 1_000_000 } = options;
  if (!(tolerance > 0)) {
    throw new InvalidInputError('tolerance', `expected a number above 0, got ${tolerance}`);
  }
  requireCount('maxIterations', maxIterations);
  const problem = prepareControl(mdp, { ...options, discount: 1 });
  requireConnected(problem);
  const scale = rewardScale(problem);
  const whole = { componentOf: new Int32Array(mdp.stateCount), count: 1 };
  let gain = Number.NaN;
  const newton = (V: Float64Array): Float64Array | null => {
    const solution = newtonStep(problem, V);
    if (solution === null) return null;
    gain = solution.gain;
    return solution.values;
  };
  const { values, lower, upper, settled, iterations } = relativeValueIteration(
    problem,
    whole,
    maxIterations,
    (lower, upper, rounding) => upper[0]! - lower[0]! <= Math.max(2 * tolerance * scale, rounding),
    newton,
  );
  const residual = (upper[0]! - lower[0]!) / 2;
  if (!settled) {
    throw new InvalidInputError(
      'maxIterations',
      `after ${iterations} sweeps the average is only known to lie between ${lower[0]} and ${upper[0]}; allow more ` +
        'sweeps or a larger tolerance',
    );
  }
  const q = new Float64Array(mdp.reward.length);
  const policy = new Float64Array(mdp.reward.length);
  new Backup(problem).actionValues(problem.biasedReward, values, 0, q);
  policyFromActionValues(problem, q, policy);
  const middle = (lower[0]! + upper[0]!) / 2;
  const largest = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  // The rounding of large values keeps the bounds apart, but does not affect what a Newton step finds.
  const agrees = Math.abs(gain - middle) <= 2 * residual + ROUNDING * largest;
  const averageReward = agrees ? gain : middle;
  return { averageReward, relativeV: values, policy, iterations, residual };
}

/**
 * Returns the average and the values, relative to the largest, of the policy that is best for V: a step of policy
 * iteration.
 */
function newtonStep(problem: ControlProblem, V: Float64Array): { gain: number; values: Float64Array } | null {
  if (!V.every(Number.isFinite)) return null;
  const best = V.indexOf(V.reduce((a, b) => Math.max(a, b)));
  const solution = solveRelative(problem, greedyChain(problem, V), changeBySweep(problem, V), best);
  if (solution === null) return null;
  const values = V.map((value, state) => value + solution.x[state]!);
  const largest = values.reduce((a, b) => Math.max(a, b));
  return { gain: solution.gain, values: values.map((value) => value - largest) };
}

function requireConnected(problem: ControlProblem): void {
  const { terminalStates } = problem;
  if (terminalStates.length > 0) {
    throw new InvalidInputError(
      `terminal[${terminalStates[0]}]`,
      'expected no terminal states: over an infinite horizon only the end determines the average; use solveTabular',
    );
  }
  const usable = usableRows(problem, predecessorsOf(problem));
  if (!usable.includes(1)) {
    throw new InvalidInputError(
      'reward',
      'expected actions that can be taken forever, got only forbidden ones',
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
