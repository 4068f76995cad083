import { stateName } from '../names.js';
import type { Comparison, MethodSolution } from './comparison.js';

/** Values closer than this, relative to the largest or to the temperature, count as equal. */
export const EQUAL = 1e-9;

/** A state at a time; `t` is 0 throughout for an infinite horizon. */
export interface Place {
  readonly t: number;
  readonly state: number;
}

/** The places that some sequence of allowed actions can reach and where the episode still goes on. */
export function reachablePlaces({ mdp, horizon, methods }: Comparison): Place[] {
  const { stateCount, actionCount, initial, terminal, transition } = mdp;
  const places: Place[] = [];
  const seen = new Uint8Array(stateCount);
  let now: number[] = [];
  const arrive = (state: number, next: number[]): void => {
    if (seen[state] === 1 || terminal[state] === 1) return;
    seen[state] = 1;
    next.push(state);
  };
  initial.forEach((p, state) => {
    if (p > 0) arrive(state, now);
  });
  for (let t = 0; now.length > 0 && (horizon === null || t < horizon); t++) {
    // Without a horizon the set only grows, and each state counts once.
    if (horizon !== null) seen.fill(0);
    const next: number[] = [];
    for (const state of now) {
      places.push({ t: horizon === null ? 0 : t, state });
      for (let action = 0; action < actionCount; action++) {
        const row = state * actionCount + action;
        if (methods.exact.Q[rowAt(mdp, horizon === null ? 0 : t, row)] === -Infinity) continue;
        for (let i = transition.rowOffsets[row]!; i < transition.rowOffsets[row + 1]!; i++) {
          if (transition.values[i]! > 0) arrive(transition.columns[i]!, next);
        }
      }
    }
    now = next;
  }
  return places;
}

/** The place of `row` of time t in Q and policy. */
function rowAt({ stateCount, actionCount }: Comparison['mdp'], t: number, row: number): number {
  return t * stateCount * actionCount + row;
}

/** The numbers of one method at one place. */
export function at(
  { mdp }: Comparison,
  { V, Q, policy }: MethodSolution,
  { t, state }: Place,
): { readonly V: number; readonly Q: Float64Array; readonly policy: Float64Array } {
  const { stateCount, actionCount } = mdp;
  const start = rowAt(mdp, t, state * actionCount);
  return {
    V: V[t * stateCount + state]!,
    Q: Q.subarray(start, start + actionCount),
    policy: policy.subarray(start, start + actionCount),
  };
}

/** What one action may lead to, under the true odds and as the exact posterior believes. */
export interface Outcome {
  /** Null for an end by the discount. */
  readonly state: number | null;
  readonly V: number;
  readonly truth: number;
  readonly belief: number;
}

/** The outcomes of positive probability of an action, with beliefs in proportion to p(s') exp(V(s') / temperature). */
export function outcomesOf(comparison: Comparison, { t, state }: Place, action: number): Outcome[] {
  const { mdp, methods, temperature, discount, horizon } = comparison;
  const { stateCount, actionCount, transition } = mdp;
  const row = state * actionCount + action;
  const nextV = horizon === null ? methods.exact.V : methods.exact.V.subarray((t + 1) * stateCount);
  const outcomes: { state: number | null; V: number; truth: number }[] = [];
  for (let i = transition.rowOffsets[row]!; i < transition.rowOffsets[row + 1]!; i++) {
    const [next, p] = [transition.columns[i]!, transition.values[i]!];
    if (p > 0) outcomes.push({ state: next, V: nextV[next]!, truth: discount * p });
  }
  if (discount < 1) outcomes.push({ state: null, V: 0, truth: 1 - discount });
  const best = outcomes.reduce((most, { V }) => Math.max(most, V), -Infinity);
  const weights = outcomes.map(({ V, truth }) =>
    best === -Infinity ? 0 : truth * Math.exp((V - best) / temperature),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  return outcomes.map((outcome, i) => ({ ...outcome, belief: weights[i]! / sum }));
}

/** The index of the largest value, the first of equal ones. */
export function indexOfMost(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

/** Half the sum of absolute differences. */
export function totalVariation(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, value, i) => sum + Math.abs(value - q[i]!), 0) / 2;
}

export function placeName({ mdp, horizon }: Comparison, { t, state }: Place): string {
  return stateName(mdp.grid, state) + (horizon === null ? '' : ` at t = ${t}`);
}

/** Names of actions are words such as up, which a sentence needs marked. */
export function quoted(action: string): string {
  return `"${action}"`;
}

/** The first item for which `size` is largest. */
export function mostBy<T>(items: readonly T[], size: (item: T) => number): T {
  let [best, most] = [items[0] as T, -Infinity];
  for (const item of items) {
    const value = size(item);
    if (value > most) [best, most] = [item, value];
  }
  return best;
}
