import { type Environment, isDiscrete, type TabularMdp } from '@maxent/core';
import { innermost } from '../../environments/innermost.js';
import { directionOf } from '../../figures/direction.js';
import { actionNames } from '../../models/names.js';
import { entryNamesOf } from './entry-names.js';

/** What each action of a Discrete space is called: by the space, or as in `solve`, with an arrow where it moves on a grid. */
export function actionNamesOf(environment: Environment): readonly string[] {
  const { actionSpace } = environment;
  if (!isDiscrete(actionSpace)) return [];
  if (actionSpace.names !== undefined) return entryNamesOf(actionSpace);
  const { mdp } = innermost(environment) as Environment & { readonly mdp?: TabularMdp };
  const grid = mdp?.grid;
  const names = actionNames({ ...mdp, actionCount: actionSpace.flatSize });
  return names.map((name, action) => {
    const move = grid?.moves[action];
    if (move === undefined) return name;
    const direction = directionOf(move);
    return direction.name === name && name !== 'stay' ? `${direction.arrow} ${name}` : name;
  });
}
