import { denseOf, InvalidInputError, validateTabularMdp } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import fixture from '../fixtures/frozen-lake.json' with { type: 'json' };
import { frozenLake } from './frozen-lake.js';

/** Gymnasium's list of outcomes of one state and action: probability, next state, reward, terminated. */
type Outcomes = readonly (readonly [number, number, number, boolean])[];

/** Our options in place of Gymnasium's keyword arguments, in the order of the fixture's variants. */
const OPTIONS = [
  {},
  { map: '8x8' },
  { slippery: false },
  { successRate: 0.8 },
  { map: 'SFH/FSG', goalReward: 10, holeReward: -5, frozenReward: -1 },
];

describe('frozenLake', () => {
  it.each(fixture.variants.map((variant, i) => ({ variant, options: OPTIONS[i]! })))(
    'has the transition table of Gymnasium with $variant.options',
    ({ variant, options }) => {
      const mdp = validateTabularMdp(frozenLake(options));
      const table = variant.P as unknown as readonly (readonly Outcomes[])[];
      expect([mdp.stateCount, mdp.actionCount]).toEqual([table.length, 4]);
      expect(Array.from(mdp.initial)).toEqual(variant.initial);
      const transition = denseOf(mdp.transition);
      const transitionReward = denseOf({ ...mdp.transition, values: mdp.transitionReward! });
      table.forEach((actions, state) => {
        actions.forEach((outcomes, action) => {
          const pair = state * 4 + action;
          const expected = new Float64Array(mdp.stateCount);
          for (const [probability, next] of outcomes) expected[next]! += probability;
          expect(transition.slice(pair * mdp.stateCount, (pair + 1) * mdp.stateCount)).toEqual(expected);
          for (const [, next, reward, terminated] of outcomes) {
            expect(transitionReward[pair * mdp.stateCount + next]).toBe(reward);
            expect(mdp.terminal[next]).toBe(terminated ? 1 : 0);
          }
          const mean = outcomes.reduce((sum, [probability, , reward]) => sum + probability * reward, 0);
          expect(mdp.reward[pair]).toBeCloseTo(mean, 12);
        });
      });
    },
  );

  it('reads its maps as Gymnasium draws them', () => {
    const { rows } = fixture.variants[1]!;
    const named = frozenLake({ map: '8x8' });
    expect(frozenLake({ map: rows.join('/') })).toEqual(named);
  });

  it.each(['9x9', 'SF/FFG', 'SXG', '', 'FFG'])('refuses the map %j', (map) => {
    expect(() => frozenLake({ map })).toThrow(InvalidInputError);
  });
});
