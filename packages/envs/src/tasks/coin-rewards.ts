import type { TabularMdp } from '@maxent/core';
import { mdpFromOutcomes } from '../tabular/mdp-from-outcomes.js';
import { TabularEnvironment } from '../tabular/tabular-environment.js';

export interface CoinRewards {
  /** How many cells there are. */
  readonly cells: number;
  readonly actions: number;
  /** The cell that episodes start in. */
  readonly start: number;
  /** The cell that an action leads to. */
  readonly move: (cell: number, action: number) => number;
  /** The probability of a reward of 1, instead of 0, for an action that led to `next`. */
  readonly probability: (next: number, action: number) => number;
}

/**
 * A process in which only the rewards, 0 or 1, are random. A `TabularMdp` pays one reward for each transition, so state
 * 2 c + 1 is cell c after a reward and 2 c without one.
 */
export function coinRewardMdp({ cells, actions, start, move, probability }: CoinRewards): TabularMdp {
  const stateCount = 2 * cells;
  const initial = new Float64Array(stateCount);
  initial[2 * start] = 1;
  return mdpFromOutcomes({
    stateCount,
    actionCount: actions,
    outcomes: (state, action, emit) => {
      const next = move(cellOf(state), action);
      const p = probability(next, action);
      emit(1 - p, 2 * next, 0);
      emit(p, 2 * next + 1, 1);
    },
    initial,
    terminal: new Uint8Array(stateCount),
  });
}

/** The same as an environment whose observations are cells, so that only the reward itself tells what was paid. */
export class CoinEnvironment extends TabularEnvironment {
  protected override readonly picture = 'Coins';

  constructor(readonly rewards: CoinRewards) {
    super(coinRewardMdp(rewards), { count: rewards.cells, of: cellOf });
  }
}

function cellOf(state: number): number {
  return Math.floor(state / 2);
}
