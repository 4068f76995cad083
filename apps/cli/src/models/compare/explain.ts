import { shownNumber } from '../../output/summary.js';
import { stateName } from '../names.js';
import type { Comparison } from './comparison.js';
import {
  at,
  EQUAL,
  indexOfMost,
  mostBy,
  type Outcome,
  outcomesOf,
  type Place,
  placeName,
  quoted,
  reachablePlaces,
  totalVariation,
} from './decisions.js';
import { explainHard } from './explain-hard.js';

/** The least difference of probabilities worth a word. */
const NOTABLE = 0.005;

/** One sentence on how the three inferences differ in this process, and why, from their numbers. */
export function explain(comparison: Comparison): string {
  const places = reachablePlaces(comparison);
  if (places.length === 0) return 'Every start is a terminal state, so there is nothing to decide.';
  if (comparison.methods.exact.startValue === -Infinity && comparison.logEvidence === -Infinity) {
    return 'No sequence of allowed actions is possible from the start, whatever the inference.';
  }
  const clauses = [...explainChance(comparison, places), ...explainHard(comparison, places)];
  return `${clauses.join('; ')}.`;
}

/** How exact and variational differ: by what exact believes about chance. */
function explainChance(comparison: Comparison, places: readonly Place[]): string[] {
  const { mdp, methods, temperature, kl } = comparison;
  const { exact, variational } = methods;
  const gapAt = (place: Place): number => {
    const [high, low] = [at(comparison, exact, place).V, at(comparison, variational, place).V];
    return high === low ? 0 : high - low;
  };
  // Relative to the place's own value: one huge value elsewhere must not hide a difference.
  const sizeAt = (place: Place): number => {
    const size = Math.abs(at(comparison, variational, place).V);
    return Math.max(temperature, Number.isFinite(size) ? size : 0);
  };
  const widest = mostBy(places, (place) => gapAt(place) / sizeAt(place));
  if (gapAt(widest) <= EQUAL * sizeAt(widest)) {
    const several = mdp.initial.filter((p) => p > 0).length > 1;
    const starts = several && kl !== null && kl > EQUAL * Math.max(1, Math.abs(comparison.logEvidence));
    return [
      `exact and variational agree, ${whyTheyAgree(comparison, places)}`,
      ...(starts
        ? [
            `the bound falls ${shownNumber(kl)} nats short only because the posterior prefers some starts to others`,
          ]
        : []),
    ];
  }
  return [
    `${valuesDiffer(comparison, widest, gapAt(widest))}: ${luck(comparison, places)}`,
    leaning(comparison, places),
  ];
}

function whyTheyAgree(comparison: Comparison, places: readonly Place[]): string {
  const { mdp, methods, temperature } = comparison;
  let chance = false;
  let spread = 0;
  let alike = true;
  for (const place of places) {
    const { Q } = at(comparison, methods.exact, place);
    for (let action = 0; action < mdp.actionCount; action++) {
      if (Q[action] === -Infinity) continue;
      const outcomes = outcomesOf(comparison, place, action);
      if (outcomes.length < 2) continue;
      chance = true;
      const values = outcomes.map(({ V }) => V);
      spread = Math.max(spread, spreadOf(values));
      const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      alike &&= spreadOf(values) <= EQUAL * size;
    }
  }
  if (!chance) return 'because every action has one certain outcome';
  if (alike) return 'because the outcomes that chance decides between are worth the same';
  return (
    `although chance decides over up to ${shownNumber(spread)} of value: at temperature ${shownNumber(temperature)} ` +
    'these outcomes are too alike, too improbable or too rarely sought to change a value'
  );
}

/** 0 for equal infinities. */
function spreadOf(values: readonly number[]): number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? 0 : high - low;
}

function valuesDiffer(comparison: Comparison, widest: Place, gap: number): string {
  const { exact, variational } = comparison.methods;
  const [high, low] = [exact.startValue, variational.startValue];
  if (low === -Infinity && high > -Infinity) {
    return (
      `exact values the start at ${shownNumber(high)} and variational at -Infinity, because under the true odds every ` +
      'policy may end up without an allowed action while exact counts on luck'
    );
  }
  if (high - low > EQUAL * Math.max(comparison.temperature, Math.abs(low))) {
    return (
      `exact values the start ${shownNumber(high - low)} higher than variational (${shownNumber(high)} against ` +
      `${shownNumber(low)}), because it counts on luck`
    );
  }
  return `exact and variational value the start alike, but exact values ${placeName(comparison, widest)} ${shownNumber(gap)} higher, because it counts on luck`;
}

/** Where the beliefs of exact are furthest from the truth, weighted by how often its policy goes there. */
function luck(comparison: Comparison, places: readonly Place[]): string {
  const { mdp, methods, horizon } = comparison;
  const { exact } = methods;
  const candidates = places.flatMap((place) => {
    const { policy } = at(comparison, exact, place);
    const visits =
      exact.stateMarginals?.[(horizon === null ? 0 : place.t) * mdp.stateCount + place.state] ?? 1;
    return Array.from(policy, (p, action) => {
      if (p === 0) return { place, action, weight: 0 };
      const outcomes = outcomesOf(comparison, place, action);
      return {
        place,
        action,
        weight: visits * p * outcomes.reduce((sum, one) => sum + divergenceTerm(one), 0),
      };
    });
  });
  const { place, action } = mostBy(candidates, ({ weight }) => weight);
  const outcome = mostBy(outcomesOf(comparison, place, action), divergenceTerm);
  const [belief, truth] = [shownNumber(outcome.belief), shownNumber(outcome.truth)];
  if (belief === truth) return 'it expects good outcomes slightly more often than they happen';
  const end = outcome.state === null;
  const result = end ? 'the end of the episode' : stateName(mdp.grid, outcome.state!);
  return (
    `after ${quoted(comparison.actions[action]!)} in ${placeName(comparison, place)} it expects ${result} with ` +
    `probability ${belief} instead of ${truth}`
  );
}

function divergenceTerm({ belief, truth }: Outcome): number {
  return belief === 0 ? 0 : belief * Math.log(belief / truth);
}

/** Where the policies of exact and variational differ most. */
function leaning(comparison: Comparison, places: readonly Place[]): string {
  const { exact, variational } = comparison.methods;
  const rows = places.map((place) => ({
    place,
    hopeful: at(comparison, exact, place).policy,
    sober: at(comparison, variational, place).policy,
  }));
  const distance = ({ hopeful, sober }: (typeof rows)[number]): number => totalVariation(hopeful, sober);
  const turned = rows.filter(
    (row) => indexOfMost(row.hopeful) !== indexOfMost(row.sober) && distance(row) > NOTABLE,
  );
  const name = (action: number): string => quoted(comparison.actions[action]!);
  if (turned.length > 0) {
    const { place, hopeful, sober } = mostBy(turned, distance);
    const [hope, truth] = [indexOfMost(hopeful), indexOfMost(sober)];
    return (
      `in ${placeName(comparison, place)} exact prefers ${name(hope)} (${shownNumber(hopeful[hope]!)}) and ` +
      `variational ${name(truth)} (${shownNumber(sober[truth]!)})`
    );
  }
  const row = mostBy(rows, distance);
  if (distance(row) <= NOTABLE) return 'yet their policies are nearly the same';
  const rise = row.hopeful.map((p, action) => p - row.sober[action]!);
  const action = indexOfMost(rise);
  return (
    `their policies lean the same way and differ most in ${placeName(comparison, row.place)}, where exact takes ` +
    `${name(action)} with probability ${shownNumber(row.hopeful[action]!)} and variational with ` +
    shownNumber(row.sober[action]!)
  );
}
