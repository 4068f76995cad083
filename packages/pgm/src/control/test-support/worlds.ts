import { sparseRowsOf, type TabularMdp } from '@maxent/core';

/** Returns an MDP from nested tables, `transition[state][action][next]` and `reward[state][action]`. */
export function mdpOf(
  transition: readonly (readonly (readonly number[])[])[],
  reward: readonly (readonly number[])[],
  { initial, terminal }: { initial?: readonly number[]; terminal?: readonly number[] } = {},
): TabularMdp {
  const stateCount = transition.length;
  const actionCount = transition[0]!.length;
  return {
    stateCount,
    actionCount,
    transition: sparseRowsOf(Float64Array.from(transition.flat(2)), stateCount * actionCount, stateCount),
    reward: Float64Array.from(reward.flat()),
    initial: Float64Array.from(initial ?? transition.map(() => 1 / stateCount)),
    terminal: Uint8Array.from(terminal ?? transition.map(() => 0)),
  };
}

/**
 * Returns the forest of pymdptoolbox's `example.forest`: waiting (action 0) ages the stand by a year unless a fire, of
 * probability 0.1, takes it; cutting (action 1) sells it. Waiting in the oldest state pays 4; cutting pays 1, there 2.
 */
export function forest(stateCount = 3): TabularMdp {
  const states = Array.from({ length: stateCount }, (_, state) => state);
  const row = (entries: Record<number, number>) => states.map((state) => entries[state] ?? 0);
  const oldest = stateCount - 1;
  return mdpOf(
    states.map((state) => [row({ 0: 0.1, [Math.min(state + 1, oldest)]: 0.9 }), row({ 0: 1 })]),
    states.map((state) => (state === oldest ? [4, 2] : [0, state === 0 ? 0 : 1])),
  );
}

/** pymdptoolbox's `example.small`. */
export const small: TabularMdp = mdpOf(
  [
    [
      [0.5, 0.5],
      [0, 1],
    ],
    [
      [0.8, 0.2],
      [0.1, 0.9],
    ],
  ],
  [
    [5, 10],
    [-1, 2],
  ],
);

/**
 * A safe action to a state that pays 1, or a gamble: with probability 0.1 to a state that pays 5, else to nothing.
 * State 4 is where all ends.
 */
export const lottery: TabularMdp = mdpOf(
  [
    [
      [0, 1, 0, 0, 0],
      [0, 0, 0.1, 0.9, 0],
    ],
    ...Array.from({ length: 4 }, () => [
      [0, 0, 0, 0, 1],
      [0, 0, 0, 0, 1],
    ]),
  ],
  [
    [0, 0],
    [1, 1],
    [5, 5],
    [0, 0],
    [0, 0],
  ],
  { initial: [1, 0, 0, 0, 0] },
);
