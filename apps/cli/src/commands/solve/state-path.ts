import type { TabularMdp } from '@maxent/core';
import { type ControlOptions, posteriorDynamics } from '@maxent/pgm';

/** Most steps followed, and the change of probabilities in a step at which nothing more happens. */
const MOST_STEPS = 200;
const SETTLED = 1e-4;

interface Solution {
  /** [states] */
  readonly V: Float64Array;
  /** [states, actions] */
  readonly policy: Float64Array;
}

/**
 * p(s_t) of each step of the policy of an infinite horizon until it settles, [times, states]: under the true start and
 * dynamics, or under the posterior ones for `exact`. Undefined for `exact` with a discount, whose episodes end by
 * chance, and where no episode is possible.
 */
export function statePath(
  mdp: TabularMdp,
  { V, policy }: Solution,
  { inference, temperature = 1, discount = 1 }: ControlOptions,
): Float64Array | undefined {
  if (inference === 'exact' && discount < 1) return undefined;
  const { rowOffsets, columns, values } =
    inference === 'exact' ? posteriorDynamics(mdp, V, { temperature }) : mdp.transition;
  let now: Float64Array = inference === 'exact' ? posteriorStart(mdp, V, temperature) : mdp.initial;
  if (now.some((p, state) => Number.isNaN(p) || (p > 0 && V[state] === -Infinity))) return undefined;
  const path = [now];
  for (let change = 1; path.length < MOST_STEPS && change > SETTLED; ) {
    const next = new Float64Array(mdp.stateCount);
    now.forEach((p, state) => {
      if (mdp.terminal[state] === 1) next[state]! += p;
      if (p === 0 || mdp.terminal[state] === 1) return;
      for (let row = state * mdp.actionCount; row < (state + 1) * mdp.actionCount; row++) {
        for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
          next[columns[i]!]! += p * policy[row]! * values[i]!;
        }
      }
    });
    change = next.reduce((sum, p, state) => sum + Math.abs(p - now[state]!), 0) / 2;
    path.push(next);
    now = next;
  }
  const flat = new Float64Array(path.length * mdp.stateCount);
  path.forEach((row, t) => {
    flat.set(row, t * mdp.stateCount);
  });
  return flat;
}

/** p(s_0 | every step optimal), proportional to initial(s) exp(V(s) / temperature). */
function posteriorStart({ initial }: TabularMdp, V: Float64Array, temperature: number): Float64Array {
  const most = V.reduce(
    (best, value, state) => (initial[state]! > 0 ? Math.max(best, value) : best),
    -Infinity,
  );
  const weights = initial.map((p, state) => (p > 0 ? p * Math.exp((V[state]! - most) / temperature) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
