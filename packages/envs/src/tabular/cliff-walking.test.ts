import { describe, expect, it } from 'vitest';
import fixture from '../fixtures/cliff-walking.json' with { type: 'json' };
import { cliffWalking, cliffWalkingEnvironment, cliffWalkingSlipperyEnvironment } from './cliff-walking.js';
import type { TabularEnvironment } from './tabular-environment.js';
import { type CompactTable, expectTable, initialOf, tableOf } from './test-support/gymnasium-table.js';
import { undiscountedValues } from './test-support/undiscounted-values.js';

const UP = 0;

describe('cliffWalking', () => {
  it.each([
    [cliffWalkingEnvironment, fixture.variants[0]!],
    [cliffWalkingSlipperyEnvironment, fixture.variants[1]!],
  ] as const)('$0.id has the transition table of Gymnasium', (definition, recorded) => {
    expect(definition.id).toBe(recorded.id);
    const { mdp } = definition.create(definition.options.parse({})) as TabularEnvironment;
    const table = recorded.table as unknown as CompactTable;
    expectTable(mdp, tableOf(table));
    expect(Array.from(mdp.initial)).toEqual(initialOf(table));
  });

  it('takes 13 steps along the cliff at best', () => {
    expect(undiscountedValues(cliffWalking(), 'hard', 30).values[36]).toBe(-13);
  });

  it('draws itself', () => {
    expect(cliffWalking().grid?.tiles?.slice(24)).toBe('oooooooooooo' + 'xCCCCCCCCCCT');
  });

  it('pays either reward, not their mean, where the edge and the cliff both lead to the start', () => {
    const environment = cliffWalkingSlipperyEnvironment.create({ slippery: true }) as TabularEnvironment;
    environment.reset({ seed: 3 });
    const rewards: number[] = [];
    let stays = 0;
    for (let i = 0; i < 6000; i++) {
      environment.reset();
      const { observation, reward } = environment.step(UP);
      rewards.push(reward);
      if (observation === 36) stays += 1;
    }
    // Upwards with 1/3, to the left against the edge with 1/3, to the right down the cliff with 1/3.
    const falls = rewards.filter((reward) => reward === -100).length;
    expect(rewards.every((reward) => reward === -1 || reward === -100)).toBe(true);
    expect(Math.abs(falls / 6000 - 1 / 3)).toBeLessThan(0.025);
    expect(Math.abs(stays / 6000 - 2 / 3)).toBeLessThan(0.025);
  });
});
