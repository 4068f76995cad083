import {
  type Agent,
  InvalidInputError,
  type Rng,
  requireCount,
  type TabularMdp,
  validateTabularMdp,
} from '@maxent/core';

export interface UniformPairsOptions {
  /** Number of transitions to draw and learn from. */
  readonly steps: number;
  readonly rng: Rng;
}

/**
 * Trains an off-policy agent on single transitions of a process: s drawn uniformly from the states that are not
 * terminal, a from the actions, s' from p(s' | s, a). This is the setting of Q-learning's convergence theorems: no pair
 * depends on exploration to be visited. Each transition that does not terminate is marked truncated, because the next
 * one starts elsewhere.
 *
 * Throws InvalidInputError if the process is malformed, has a reward of -Infinity, or has only terminal states.
 */
export function trainOnUniformPairs(
  agent: Agent<number, number>,
  mdp: TabularMdp,
  { steps, rng }: UniformPairsOptions,
): void {
  requireCount('steps', steps);
  const { actionCount, transition, reward, transitionReward, terminal } = validateTabularMdp(mdp);
  const paid = transitionReward ?? reward;
  if (paid.some((value) => !Number.isFinite(value))) {
    throw new InvalidInputError(
      'reward',
      'expected finite numbers: -Infinity cannot be learned from samples',
    );
  }
  const states = Array.from(terminal.keys()).filter((state) => terminal[state] === 0);
  if (states.length === 0) throw new InvalidInputError('terminal', 'expected a state that is not terminal');
  for (let step = 0; step < steps; step++) {
    const observation = states[rng.integer(states.length)]!;
    const action = rng.integer(actionCount);
    const pair = observation * actionCount + action;
    const start = transition.rowOffsets[pair]!;
    const end = transition.rowOffsets[pair + 1]!;
    const entry = end - start === 1 ? start : start + rng.categorical(transition.values.subarray(start, end));
    const nextObservation = transition.columns[entry]!;
    const terminated = terminal[nextObservation] === 1;
    agent.observe({
      observation,
      action,
      reward: paid[transitionReward === undefined ? pair : entry]!,
      nextObservation,
      terminated,
      truncated: !terminated,
    });
    agent.update();
  }
}
