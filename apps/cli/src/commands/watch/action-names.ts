import { type Environment, isDiscrete, type TabularMdp } from '@maxent/core';
import { innermost } from '../../environments/innermost.js';

const MOVES: Readonly<Record<string, string>> = {
  '0,0': 'stay',
  '-1,0': '\u2191 up',
  '1,0': '\u2193 down',
  '0,-1': '\u2190 left',
  '0,1': '\u2192 right',
};

/** What each action of a Discrete space is called: by where it moves on a grid, otherwise by its number. */
export function actionNamesOf(environment: Environment): readonly string[] {
  const { actionSpace } = environment;
  if (!isDiscrete(actionSpace)) return [];
  const { mdp } = innermost(environment) as Environment & { readonly mdp?: TabularMdp };
  const moves = mdp?.grid?.moves;
  return Array.from(
    { length: actionSpace.flatSize },
    (_, action) => (moves?.[action] && MOVES[moves[action].join()]) ?? `action ${action}`,
  );
}
