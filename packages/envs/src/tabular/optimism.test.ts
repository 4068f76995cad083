import { validateTabularMdp } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { chain } from './chain.js';
import { lottery } from './lottery.js';
import { undiscountedValues } from './test-support/undiscounted-values.js';

/** Probability of action 1 under the policy softmax(Q). */
function secondActionProbability([first, second]: readonly number[]): number {
  return 1 / (1 + Math.exp(first! - second!));
}

describe('lottery', () => {
  it.each([
    ['variational', 0.5, 0.37754067, 0.7809298],
    ['optimistic', 2.75628884, 0.85274425, 2.22243726],
  ] as const)('the %s backup values the gamble at %d', (backup, gamble, probability, value) => {
    const { values, actionValues } = undiscountedValues(validateTabularMdp(lottery()), backup);
    expect(actionValues[0]![0]).toBeCloseTo(1, 12);
    expect(actionValues[0]![1]).toBeCloseTo(gamble, 8);
    expect(secondActionProbability(actionValues[0]!)).toBeCloseTo(probability, 8);
    expect(values[0]).toBeCloseTo(value, 8);
  });
});

describe('chain', () => {
  const mdp = validateTabularMdp(chain());
  const { values: hard } = undiscountedValues(mdp, 'hard');
  const { values: variational, actionValues: plain } = undiscountedValues(mdp, 'variational');
  const { values: optimistic, actionValues: wishful } = undiscountedValues(mdp, 'optimistic');

  it('is worth leaving at once', () => {
    // From the second cell on, a climb is worth more than leaving.
    expect(hard).toEqual([1, 1.25, 2.5, 5, 10, 0]);
  });

  it('follows the recursions of its documentation', () => {
    for (const [found, climb] of [
      [variational, (value: number) => Math.exp(0.5 * value)],
      [optimistic, (value: number) => 0.5 * Math.exp(value) + 0.5],
    ] as const) {
      let value = 10;
      for (let state = 3; state >= 0; state--) {
        value = Math.log(0.5 * Math.exp(1) + 0.5 * climb(value));
        expect(found[state]).toBeCloseTo(value, 12);
      }
    }
  });

  it('is climbed by the exact posterior and left by the variational policy', () => {
    expect(secondActionProbability(plain[0]!)).toBeLessThan(0.5);
    expect(secondActionProbability(wishful[0]!)).toBeGreaterThan(0.95);
    optimistic.forEach((value, state) => {
      expect(value).toBeGreaterThanOrEqual(variational[state]!);
    });
  });
});
