import { requireLength, type TabularMdp } from '@maxent/core';
import { Backup } from './backup.js';
import { type ControlOptions, prepareControl } from './control-options.js';

/** Writes V_t to `out`, given `next` = V_{t+1}; both [states], and not the same array. */
export type BellmanOperator = (next: Float64Array, out: Float64Array) => void;

/**
 * Returns a function that makes one sweep of value iteration, for callers with their own schedule: V = temperature log
 * sum_a p(a) exp(Q / temperature) with the Q of `options.inference`, and V = 0 in terminal states. A sweep costs one
 * pass over the stored transitions and allocates nothing. Throws InvalidInputError that names the value at fault.
 */
export function bellmanOperator(mdp: TabularMdp, options: ControlOptions): BellmanOperator {
  const backup = new Backup(prepareControl(mdp, options));
  return (next, out) => {
    requireLength('next', next, mdp.stateCount);
    requireLength('out', out, mdp.stateCount);
    backup.sweep(next, out, 0);
  };
}
