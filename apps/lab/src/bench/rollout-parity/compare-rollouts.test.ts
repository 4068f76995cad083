import { describe, expect, it } from 'vitest';
import { BenchmarkFailedError } from '../benchmark.js';
import { compareRollouts, type Rollout } from './compare-rollouts.js';

const rollout: Rollout = {
  observations: [
    [1, 2],
    [3, 'Infinity'],
  ],
  rewards: [0.5],
  terminated: [true],
  infos: [{ height: 1, forces: [2, 3] }],
};

describe('compareRollouts', () => {
  it('finds the largest difference wherever it is', () => {
    expect(compareRollouts('x', rollout, rollout)).toBe(0);
    expect(compareRollouts('x', { ...rollout, rewards: [0.75] }, rollout)).toBe(0.25);
    const lower: Rollout = {
      ...rollout,
      observations: [
        [1, 2],
        [2, 'Infinity'],
      ],
    };
    expect(compareRollouts('x', lower, rollout)).toBeCloseTo(1 / 3, 12);
    expect(
      compareRollouts('x', { ...rollout, infos: [{ forces: [2, 3.3], height: 1 }] }, rollout),
    ).toBeCloseTo(0.1, 12);
  });

  it.each<[string, Partial<Rollout>]>([
    ['another end', { terminated: [false] }],
    ['another shape', { observations: [[1, 2], [3]] }],
    ['another name', { infos: [{ depth: 1, forces: [2, 3] }] }],
    ['something that is not a number', { rewards: [null] }],
  ])('refuses %s', (_, change) => {
    expect(() => compareRollouts('Ant', { ...rollout, ...change }, rollout)).toThrow(BenchmarkFailedError);
    expect(() => compareRollouts('Ant', { ...rollout, ...change }, rollout)).toThrow(/^Ant: /);
  });
});
