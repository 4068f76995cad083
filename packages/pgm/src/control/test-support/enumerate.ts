import { denseOf, type TabularMdp } from '@maxent/core';
import type { ActionPrior } from '../control-options.js';

export interface Trajectory {
  readonly states: readonly number[];
  readonly actions: readonly number[];
  /** p(trajectory) with the prior's weights of the actions, before any evidence. */
  readonly weight: number;
  /** Sum of rewards, forbidden ones -Infinity. */
  readonly reward: number;
}

/** Returns p(a | s), 1 for `none`, [states, actions]. */
export function priorWeights(
  { stateCount, actionCount }: TabularMdp,
  actionPrior: ActionPrior,
): Float64Array {
  if (typeof actionPrior !== 'string') return actionPrior;
  return new Float64Array(stateCount * actionCount).fill(actionPrior === 'uniform' ? 1 / actionCount : 1);
}

/**
 * Enumerates every sequence s_0 a_0 .. a_{T-1} s_T of positive weight. Once a terminal state is reached nothing is
 * chosen any more: such a step is written down as action -1.
 */
export function enumerateTrajectories(
  mdp: TabularMdp,
  horizon: number,
  actionPrior: ActionPrior,
): Trajectory[] {
  const { stateCount, actionCount } = mdp;
  const transition = denseOf(mdp.transition);
  const prior = priorWeights(mdp, actionPrior);
  let trajectories: Trajectory[] = [];
  mdp.initial.forEach((weight, state) => {
    if (weight > 0) trajectories.push({ states: [state], actions: [], weight, reward: 0 });
  });
  for (let t = 0; t < horizon; t++) {
    trajectories = trajectories.flatMap(({ states, actions, weight, reward }) => {
      const state = states[t]!;
      if (mdp.terminal[state] === 1) {
        return [{ states: [...states, state], actions: [...actions, -1], weight, reward }];
      }
      const longer: Trajectory[] = [];
      for (let action = 0; action < actionCount; action++) {
        const row = state * actionCount + action;
        for (let next = 0; next < stateCount; next++) {
          const step = prior[row]! * transition[row * stateCount + next]!;
          if (step === 0) continue;
          longer.push({
            states: [...states, next],
            actions: [...actions, action],
            weight: weight * step,
            reward: reward + mdp.reward[row]!,
          });
        }
      }
      return longer;
    });
  }
  return trajectories;
}
