import {
  InvalidInputError,
  requireCount,
  requireDistribution,
  requireObject,
  requireTypedNumbers,
  type TabularMdp,
} from '@maxent/core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import { Backup } from './backup.js';
import { zeroTerminalRows } from './backward-pass.js';
import { type ActionPrior, type ControlProblem, prepareControl } from './control-options.js';
import { startMean } from './infer-control.js';
import { discountedChain } from './policy-chain.js';
import { predecessorsOf, statesThatReach, stronglyConnectedComponents } from './reachability.js';
import { requireFiniteValues } from './reward-scale.js';
import { solveChain } from './solve-chain.js';

export interface PolicyEvaluationOptions {
  /** Number of decisions T, or null for the infinite horizon. */
  readonly horizon: number | null;
  /** The reward for a nat of entropy, default 1; with 0 the result is the plain expected return. */
  readonly temperature?: number;
  /** In (0, 1]; default 1. */
  readonly discount?: number;
  /** What the entropy is relative to; default `none`. */
  readonly actionPrior?: ActionPrior;
}

export interface PolicyValues {
  /** Finite horizon: [T + 1, states]. Infinite: [states]. */
  readonly V: Float64Array;
  /** Finite horizon: [T, states, actions]. Infinite: [states, actions]. */
  readonly Q: Float64Array;
}

/**
 * Computes the soft values of a policy under the true dynamics, Q = r + discount E V' and V = sum_a policy(a | s) (Q -
 * temperature log(policy(a | s) / p(a | s))) (Haarnoja et al. 2018, "Soft actor-critic", equations 2 and 3). `policy`
 * is [T, states, actions], or [states, actions] for one that does not change over time; a state without a choice, such
 * as one where every action is forbidden, has a row of zeros. Values are -Infinity where the policy may do something
 * forbidden. On an infinite horizon they are solved for, not iterated: with up to 128 states, each value is as accurate
 * as the rewards and the transitions, at any discount below 1.
 *
 * Throws InvalidInputError that names the value at fault, and for values beyond the largest double, and if an infinite
 * horizon at discount 1 has no finite value.
 */
export function evaluatePolicy(
  mdp: TabularMdp,
  policy: Float64Array,
  options: PolicyEvaluationOptions,
): PolicyValues {
  const problem = prepareEvaluation(mdp, policy, options);
  const temperature = options.temperature ?? 1;
  const { horizon } = options;
  if (horizon === null) {
    const V = stationaryValues(problem, policy, temperature);
    const Q = new Float64Array(mdp.reward.length);
    plainActionValues(problem, new Backup(problem), V, Q);
    return { V, Q };
  }
  const { stateCount, actionCount } = mdp;
  const rows = stateCount * actionCount;
  requireAnswerMemory(
    'horizon',
    (horizon + 1) * (rows + stateCount),
    `${horizon} steps of ${rows} state-action pairs`,
  );
  const V = new Float64Array((horizon + 1) * stateCount);
  const Q = new Float64Array(horizon * rows);
  const backup = new Backup(problem);
  for (let t = horizon - 1; t >= 0; t--) {
    const next = V.subarray((t + 1) * stateCount, (t + 2) * stateCount);
    const q = Q.subarray(t * rows, (t + 1) * rows);
    plainActionValues(problem, backup, next, q);
    const stepPolicy = policyAt(policy, t, rows);
    const current = V.subarray(t * stateCount, (t + 1) * stateCount);
    policyMeans(problem, stepPolicy, q, temperature, current);
  }
  return { V, Q };
}

/**
 * Returns the policy's expected return under the true dynamics, rewards only, averaged over starts. Throws as
 * `evaluatePolicy` does.
 */
export function expectedReturn(
  mdp: TabularMdp,
  policy: Float64Array,
  options: Pick<PolicyEvaluationOptions, 'horizon' | 'discount'>,
): number {
  const { V } = evaluatePolicy(mdp, policy, { ...options, temperature: 0 });
  return startMean(mdp, V);
}

/** Checks a policy's shape and rows, and returns the arrays of the process. */
export function prepareEvaluation(
  mdp: TabularMdp,
  policy: Float64Array,
  options: PolicyEvaluationOptions,
): ControlProblem {
  requireObject('options', options, '{ horizon: 10 }');
  requireTypedNumbers('policy', policy);
  const { horizon, temperature = 1, discount = 1, actionPrior = 'none' } = options;
  const inference = temperature === 0 ? 'hard' : 'variational';
  const problem = prepareControl(mdp, {
    inference,
    discount,
    actionPrior,
    ...(temperature !== 0 && { temperature }),
  });
  const rows = mdp.stateCount * mdp.actionCount;
  if (horizon !== null) requireCount('horizon', horizon);
  const steps = policy.length / rows;
  if (steps !== 1 && steps !== horizon) {
    throw new InvalidInputError(
      'policy',
      `expected ${rows} entries [states, actions]${horizon === null ? '' : ` or ${horizon} times as many`}, got ` +
        `${policy.length}`,
    );
  }
  for (let step = 0; step < steps; step++) {
    for (let state = 0; state < mdp.stateCount; state++) {
      const start = step * rows + state * mdp.actionCount;
      const row = policy.subarray(start, start + mdp.actionCount);
      if (row.every((probability) => probability === 0)) continue;
      requireDistribution(steps === 1 ? `policy[${state}]` : `policy[${step}][${state}]`, row);
    }
  }
  return problem;
}

/** Returns the policy of step t, [states, actions], from a policy that may or may not change over time. */
export function policyAt(policy: Float64Array, t: number, rows: number): Float64Array {
  return policy.length === rows ? policy : policy.subarray(t * rows, (t + 1) * rows);
}

function plainActionValues(
  problem: ControlProblem,
  backup: Backup,
  next: Float64Array,
  out: Float64Array,
): void {
  backup.actionValues(problem.mdp.reward, next, 0, out);
  zeroTerminalRows(problem, out);
}

/**
 * Computes out(s) = sum_a policy(a | s) (q(s, a) - temperature log(policy(a | s) / p(a | s))), 0 in terminal states.
 */
function policyMeans(
  { mdp, givenPrior, valueShift, terminalStates }: ControlProblem,
  policy: Float64Array,
  q: Float64Array,
  temperature: number,
  out: Float64Array,
): void {
  const { stateCount, actionCount } = mdp;
  for (let state = 0; state < stateCount; state++) {
    let mean = 0;
    let choices = 0;
    for (let row = state * actionCount; row < (state + 1) * actionCount; row++) {
      const probability = policy[row]!;
      if (probability === 0) continue;
      const cost = temperature === 0 ? 0 : temperature * Math.log(probability / (givenPrior?.[row] ?? 1));
      mean += probability * (q[row]! - cost);
      choices++;
    }
    out[state] = choices === 0 ? -Infinity : mean + valueShift;
  }
  for (const state of terminalStates) out[state] = 0;
}

function stationaryValues(problem: ControlProblem, policy: Float64Array, temperature: number): Float64Array {
  const { mdp, discount } = problem;
  const gain = new Float64Array(mdp.stateCount);
  policyMeans(problem, policy, mdp.reward, temperature, gain);
  const taken = Uint8Array.from(policy, (probability) => Number(probability > 0));
  for (const state of problem.terminalStates) {
    taken.fill(0, state * mdp.actionCount, (state + 1) * mdp.actionCount);
  }
  const predecessors = predecessorsOf(problem);
  const forbidden = Uint8Array.from(gain, (value) => Number(value === -Infinity));
  const doomed = statesThatReach(problem, predecessors, taken, forbidden);
  const weights = policy.map((probability, row) =>
    doomed[Math.floor(row / mdp.actionCount)] === 1 ? 0 : probability,
  );
  if (discount === 1) {
    const resting = restingStates(problem, taken, gain);
    const settled = statesThatReach(problem, predecessors, taken, resting);
    gain.forEach((value, state) => {
      if (settled[state] === 1 || doomed[state] === 1) return;
      throw new InvalidInputError(
        'discount',
        `at 1 this policy has no infinite-horizon value: from state ${state} it never ends, and its steps go on ` +
          `yielding rewards such as ${value}; use a smaller discount or a finite horizon`,
      );
    });
    resting.forEach((flag, state) => {
      if (flag === 1) weights.fill(0, state * mdp.actionCount, (state + 1) * mdp.actionCount);
    });
  }
  const known = gain.map((value, state) => (doomed[state] === 1 ? 0 : value));
  const V = solveChain(problem, discountedChain(problem, weights), known);
  requireFiniteValues(V, () => false);
  return V.map((value, state) => (doomed[state] === 1 ? -Infinity : value));
}

/** Returns 1 for terminal states and for states that the policy never leaves again and earns nothing in, [states]. */
function restingStates(problem: ControlProblem, taken: Uint8Array, gain: Float64Array): Uint8Array {
  const { mdp, rowOffsets, columns } = problem;
  const { componentOf, count } = stronglyConnectedComponents(problem, taken);
  const resting = new Uint8Array(count).fill(1);
  taken.forEach((flag, row) => {
    if (flag === 0) return;
    const state = Math.floor(row / mdp.actionCount);
    const own = componentOf[state]!;
    if (gain[state] !== 0) resting[own] = 0;
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
      if (componentOf[columns[i]!] !== own) resting[own] = 0;
    }
  });
  return Uint8Array.from(componentOf, (component) => resting[component]!);
}
