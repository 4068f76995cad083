import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import fixture from '../fixtures/frozen-lake.json' with { type: 'json' };
import { frozenLake, frozenLake8x8Environment } from './frozen-lake.js';
import type { TabularEnvironment } from './tabular-environment.js';
import { expectTable, type Outcomes } from './test-support/gymnasium-table.js';

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
      const mdp = frozenLake(options);
      expectTable(mdp, variant.P as unknown as readonly (readonly Outcomes[])[]);
      expect(Array.from(mdp.initial)).toEqual(variant.initial);
      expect(mdp.grid?.tiles).toBe(variant.rows.join(''));
    },
  );

  it('reads its maps as Gymnasium draws them', () => {
    const { rows } = fixture.variants[1]!;
    const named = frozenLake({ map: '8x8' });
    expect(frozenLake({ map: rows.join('/') })).toEqual(named);
    const large = frozenLake8x8Environment.create(frozenLake8x8Environment.options.parse({}));
    expect((large as TabularEnvironment).mdp).toEqual(named);
  });

  it.each(['9x9', 'SF/FFG', 'SXG', '', 'FFG'])('refuses the map %j', (map) => {
    expect(() => frozenLake({ map })).toThrow(InvalidInputError);
  });
});
