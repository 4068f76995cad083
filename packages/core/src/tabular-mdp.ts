import { InvalidInputError } from './errors.js';

/**
 * A finite Markov decision process with explicit dynamics, all arrays flat in row-major order. It can be solved
 * exactly and run as an environment, which is how learned agents are checked against exact answers.
 */
export interface TabularMdp {
  readonly stateCount: number;
  readonly actionCount: number;
  /** p(s' | s, a), [states, actions, states]. */
  readonly transition: Float64Array;
  /** Expected reward r(s, a), [states, actions]. */
  readonly reward: Float64Array;
  /**
   * Reward r(s, a, s') that is paid when the step leads to s', [states, actions, states], for processes where it
   * depends on s'; `reward` is then its expectation. Solvers read `reward`, sampled episodes pay this.
   */
  readonly transitionReward?: Float64Array;
  /** p(s_0), [states]. */
  readonly initial: Float64Array;
  /** 1 for states that end the episode on arrival, [states]. Their value is 0. */
  readonly terminal: Uint8Array;
}

const SUM_TOLERANCE = 1e-9;

/** Throws InvalidInputError that names the first entry at fault; returns the same process when all is well. */
export function validateTabularMdp(mdp: TabularMdp): TabularMdp {
  const { stateCount, actionCount } = mdp;
  requireCount('stateCount', stateCount);
  requireCount('actionCount', actionCount);
  requireLength('transition', mdp.transition, stateCount * actionCount * stateCount);
  requireLength('reward', mdp.reward, stateCount * actionCount);
  requireLength('initial', mdp.initial, stateCount);
  requireLength('terminal', mdp.terminal, stateCount);
  mdp.terminal.forEach((flag, state) => {
    if (flag > 1) throw new InvalidInputError(`terminal[${state}]`, `expected 0 or 1, got ${flag}`);
  });
  if (mdp.transitionReward !== undefined) {
    requireLength('transitionReward', mdp.transitionReward, mdp.transition.length);
  }
  requireDistribution('initial', mdp.initial);
  for (let state = 0; state < stateCount; state++) {
    for (let action = 0; action < actionCount; action++) {
      const row = state * actionCount + action;
      requireDistribution(
        `transition[${state}][${action}]`,
        mdp.transition.subarray(row * stateCount, (row + 1) * stateCount),
      );
      const reward = mdp.reward[row]!;
      if (Number.isNaN(reward) || reward === Infinity) {
        throw new InvalidInputError(
          `reward[${state}][${action}]`,
          `expected a number below Infinity, got ${reward}`,
        );
      }
      const expected = expectedTransitionReward(mdp, row);
      if (
        expected !== undefined &&
        !(expected === reward || Math.abs(expected - reward) <= SUM_TOLERANCE * Math.max(1, Math.abs(reward)))
      ) {
        throw new InvalidInputError(
          `reward[${state}][${action}]`,
          `expected ${expected}, the mean of transitionReward, got ${reward}`,
        );
      }
    }
  }
  return mdp;
}

/** Mean of r(s, a, s') over s' for row `s * actions + a`; undefined when the process does not give it. */
function expectedTransitionReward(mdp: TabularMdp, row: number): number | undefined {
  if (mdp.transitionReward === undefined) return undefined;
  let mean = 0;
  for (let i = row * mdp.stateCount; i < (row + 1) * mdp.stateCount; i++) {
    const probability = mdp.transition[i]!;
    // An unreachable entry may hold anything: 0 times -Infinity would spoil the sum.
    if (probability > 0) mean += probability * mdp.transitionReward[i]!;
  }
  return mean;
}

function requireCount(field: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidInputError(field, `expected a positive integer, got ${count}`);
  }
}

function requireLength(field: string, array: ArrayLike<number>, length: number): void {
  if (array.length !== length) {
    throw new InvalidInputError(field, `expected ${length} entries, got ${array.length}`);
  }
}

function requireDistribution(field: string, probabilities: Float64Array): void {
  let sum = 0;
  probabilities.forEach((probability, i) => {
    if (!(probability >= 0)) {
      throw new InvalidInputError(
        `${field}[${i}]`,
        `expected a probability of at least 0, got ${probability}`,
      );
    }
    sum += probability;
  });
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
    throw new InvalidInputError(field, `expected probabilities that sum to 1, got a sum of ${sum}`);
  }
}
