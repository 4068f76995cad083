import { formatCounted } from '../../output/format-number.js';
import { shownNumber } from '../../output/summary.js';
import type { Comparison } from './comparison.js';
import {
  at,
  EQUAL,
  indexOfMost,
  mostBy,
  type Place,
  placeName,
  quoted,
  totalVariation,
} from './decisions.js';

/** Policies this close to the prior, or actions this close to certain, count as such. */
const NEARLY = 0.01;

interface Decision {
  readonly place: Place;
  /** The action that hard takes, the first of the best. */
  readonly taken: number;
  /** Number of best actions, equal within rounding. */
  readonly bestCount: number;
  readonly allowedCount: number;
  /** p(a | s) of variational, and its part on the best actions of hard. */
  readonly policy: Float64Array;
  readonly mass: number;
  /** Whether variational prefers an action that is not among the best of hard. */
  readonly turned: boolean;
  /** Total variation between variational and the prior among allowed actions, which is uniform unless given. */
  readonly fromPrior: number;
}

/** How hard and variational differ: by what the temperature makes of the other actions. */
export function explainHard(comparison: Comparison, places: readonly Place[]): string[] {
  const decisions = places.flatMap((place) => decisionAt(comparison, place));
  if (decisions.length === 0) return ['no state offers a choice, so hard takes the same actions'];
  const matter = decisions.filter(({ bestCount, allowedCount }) => bestCount < allowedCount);
  if (matter.length === 0) return ['to hard all actions are equally good everywhere, so it takes the first'];
  return [mainDifference(comparison, matter), ...ties(comparison, matter)];
}

function decisionAt(comparison: Comparison, place: Place): Decision[] {
  const { hard, variational } = comparison.methods;
  const { Q } = at(comparison, hard, place);
  const { policy } = at(comparison, variational, place);
  const allowed = Q.map((value) => (value > -Infinity ? 1 : 0));
  const count = allowed.reduce((sum, one) => sum + one, 0);
  // Where every action may lead to a dead end, variational has no policy.
  if (count < 2 || !policy.some((p) => p > 0)) return [];
  const most = Math.max(...Q);
  const margin = EQUAL * Math.max(1, Math.abs(most));
  const isBest = (action: number): boolean => Q[action]! >= most - margin;
  const mass = policy.reduce((sum, p, action) => (isBest(action) ? sum + p : sum), 0);
  const preferred = indexOfMost(policy);
  const bestChance = policy.reduce((best, p, action) => (isBest(action) ? Math.max(best, p) : best), 0);
  return [
    {
      place,
      taken: indexOfMost(at(comparison, hard, place).policy),
      bestCount: Q.filter((_, action) => isBest(action)).length,
      allowedCount: count,
      policy,
      mass,
      turned: !isBest(preferred) && policy[preferred]! - bestChance > EQUAL,
      fromPrior: totalVariation(policy, priorAmong(comparison, place, allowed)),
    },
  ];
}

/** The prior p(a | s) among the allowed actions; an even choice if the prior is not given. */
function priorAmong({ mdp, actionPrior }: Comparison, { state }: Place, allowed: Float64Array): Float64Array {
  const start = state * mdp.actionCount;
  const weights = allowed.map((one, action) =>
    one === 0 || typeof actionPrior === 'string' ? one : actionPrior[start + action]!,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function mainDifference(comparison: Comparison, decisions: readonly Decision[]): string {
  const { temperature, actionPrior, actions } = comparison;
  const tau = shownNumber(temperature);
  const prior = typeof actionPrior === 'string' ? 'an even choice' : 'the prior';
  const furthest = decisions.reduce((most, { fromPrior }) => Math.max(most, fromPrior), 0);
  if (furthest <= NEARLY) {
    return (
      `at temperature ${tau} rewards hardly count: variational stays within ${shownNumber(furthest)} of ` +
      `${prior}, while hard takes a best action with certainty`
    );
  }
  const [least, most] = decisions.reduce(
    ([low, high], { mass }) => [Math.min(low, mass), Math.max(high, mass)],
    [1, 0],
  );
  if (least >= 1 - NEARLY) {
    return `at temperature ${tau} variational is nearly hard: it takes a best action with probability ${atLeast(least)} everywhere`;
  }
  const turned = decisions.filter((decision) => decision.turned);
  if (turned.length > 0) {
    const { place, taken, policy } = mostBy(
      turned,
      (one) => Math.max(...one.policy) - one.policy[one.taken]!,
    );
    const preferred = indexOfMost(policy);
    const why =
      actionPrior !== 'none'
        ? `every later step pays for its distance from ${prior}`
        : 'later steps earn entropy as well as reward';
    return (
      `in ${placeName(comparison, place)} hard takes ${quoted(actions[taken]!)} and variational prefers ` +
      `${quoted(actions[preferred]!)} (${shownNumber(policy[preferred]!)}), because at temperature ${tau} ${why}`
    );
  }
  const why = actionPrior !== 'none' ? `its distance from ${prior} costs reward` : 'entropy counts as reward';
  return (
    `hard takes a best action with certainty, variational with probability ${range(least, most)}, because at ` +
    `temperature ${tau} ${why}`
  );
}

function ties(comparison: Comparison, decisions: readonly Decision[]): string[] {
  const { horizon, actions } = comparison;
  const tied = decisions.filter(({ bestCount }) => bestCount > 1);
  if (tied.length === 0) return [];
  const { place, taken, bestCount } = tied[0]!;
  const others = tied.length - 1;
  const noun = horizon === null ? 'state' : 'decision';
  return [
    `hard breaks ties by order: ${bestCount} actions are equally good in ${placeName(comparison, place)}, where it takes ` +
      `${quoted(actions[taken]!)}${others === 0 ? '' : `, and there are ties in ${formatCounted(others, `other ${noun}`)}`}`,
  ];
}

function atLeast(probability: number): string {
  return probability === 1 ? '1' : `at least ${shownDown(probability)}`;
}

function range(low: number, high: number): string {
  const [from, to] = [shownNumber(low), shownNumber(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** Rounded down to four decimals, so that `at least` stays true. */
function shownDown(probability: number): string {
  return shownNumber(Math.floor(probability * 1e4) / 1e4);
}
