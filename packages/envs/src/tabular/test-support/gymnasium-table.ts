import { denseOf, type TabularMdp, validateTabularMdp } from '@maxent/core';
import { expect } from 'vitest';

/** Gymnasium's list of outcomes of one state and action: probability, next state, reward, terminated. */
export type Outcomes = readonly (readonly [number, number, number, boolean])[];

/** What `compact_table` of apps/lab/peers/gymnasium_classic_fixtures.py writes. */
export interface CompactTable {
  readonly states: number;
  readonly actions: number;
  readonly starts: readonly (readonly [probability: number, states: readonly number[]])[];
  readonly kinds: readonly (readonly [probability: number, reward: number, terminated: boolean])[];
  readonly pairs: readonly (readonly number[])[];
}

/** Gymnasium's `P`: outcomes by state and action. */
export function tableOf({ actions, kinds, pairs }: CompactTable): Outcomes[][] {
  const outcomesOf = (pair: readonly number[]): Outcomes =>
    Array.from({ length: pair.length / 2 }, (_, i) => {
      const [probability, reward, terminated] = kinds[pair[2 * i]!]!;
      return [probability, pair[2 * i + 1]!, reward, terminated] as const;
    });
  return Array.from({ length: pairs.length / actions }, (_, state) =>
    pairs.slice(state * actions, (state + 1) * actions).map(outcomesOf),
  );
}

/** Gymnasium's `initial_state_distrib`. */
export function initialOf({ states, starts }: CompactTable): number[] {
  const initial = new Array<number>(states).fill(0);
  for (const [probability, members] of starts) for (const state of members) initial[state] = probability;
  return initial;
}

/**
 * Expects p(s' | s, a) and the rewards of `mdp` to equal Gymnasium's `P`, up to the rounding of its sums, and the
 * terminal states to be the ones in which its episodes end on arrival, from the states that `enters` admits.
 */
export function expectTable(
  mdp: TabularMdp,
  table: readonly (readonly Outcomes[])[],
  enters: (state: number) => boolean = () => true,
): void {
  validateTabularMdp(mdp);
  const { stateCount, actionCount } = mdp;
  expect([stateCount, actionCount]).toEqual([table.length, table[0]!.length]);
  const transition = denseOf(mdp.transition);
  const transitionReward = denseOf({ ...mdp.transition, values: mdp.transitionReward! });
  let gap = 0;
  table.forEach((actions, state) => {
    actions.forEach((outcomes, action) => {
      const pair = state * actionCount + action;
      const probability = new Float64Array(stateCount);
      const paid = new Float64Array(stateCount);
      for (const [p, next, reward, terminated] of outcomes) {
        probability[next]! += p;
        paid[next]! += p * reward;
        if (enters(state)) expect([next, mdp.terminal[next]]).toEqual([next, terminated ? 1 : 0]);
      }
      for (let next = 0; next < stateCount; next++) {
        const place = pair * stateCount + next;
        gap = Math.max(gap, Math.abs(transition[place]! - probability[next]!));
        gap = Math.max(gap, Math.abs(transition[place]! * transitionReward[place]! - paid[next]!));
      }
      const mean = paid.reduce((sum, part) => sum + part, 0);
      gap = Math.max(gap, Math.abs(mdp.reward[pair]! - mean));
    });
  });
  // Rewards are as large as 100.
  expect(gap).toBeLessThan(1e-13);
}
