import type { Grid, TabularMdp } from '@maxent/core';
import { directionOf } from '../figures/direction.js';

/**
 * Names of actions: their own, or the directions of a grid's moves if no two are the same, or else `action 0`,
 * `action 1`, ...
 */
export function actionNames({
  actionCount,
  actionNames: own,
  grid,
}: Pick<TabularMdp, 'actionCount' | 'actionNames' | 'grid'>): readonly string[] {
  if (own !== undefined) return own;
  const moves = grid?.moves ?? [];
  const named = moves.map((move) => directionOf(move).name);
  const distinct = new Set(named).size === actionCount;
  return Array.from({ length: actionCount }, (_, action) => (distinct ? named[action]! : `action ${action}`));
}

/** A state by its number and, on a grid, the character of a tile other than floor: `state 15 (G)`. */
export function stateName(grid: Grid | undefined, state: number): string {
  const tile = grid?.tiles?.[state];
  return tile === undefined || /[.Fo ]/.test(tile) ? `state ${state}` : `state ${state} (${tile})`;
}
