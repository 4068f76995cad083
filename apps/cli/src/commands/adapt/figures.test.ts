import type { Belief } from '@maxent/core';
import { expect, test } from 'vitest';
import type { LinesFigure } from '../../figures/figure.js';
import { adaptationFigures } from './figures.js';

const episodes = [-9, -4].map((value) => ({ latentFrom: 'prior' as const, return: value, length: 20 }));

const belief = (mean: readonly number[], variance: readonly number[]): Belief => ({
  mean,
  variance,
});

const lines = (...args: Parameters<typeof adaptationFigures>) => adaptationFigures(...args) as LinesFigure[];

test('only returns for an agent without a belief, on no plane', () => {
  const [returns, ...rest] = lines({ episodes }, [], undefined);
  expect(returns!.series[0]!.points).toEqual([
    { x: 1, y: -9 },
    { x: 2, y: -4 },
  ]);
  expect(rest).toEqual([]);
});

test('the belief moves and narrows, and entries that move least are left out', () => {
  const still = Array(7).fill(0);
  const path = [
    { step: 0, belief: belief([...still, 0], Array(8).fill(1)) },
    { step: 40, belief: belief([0.5, ...still.slice(1), 3], Array(8).fill(0.25)) },
  ];
  const [, means, widths] = lines({ episodes }, path, undefined);
  expect(means!.title).toContain('6 of 8 entries');
  expect(means!.series.map(({ label }) => label)).toContain('entry 8');
  expect(means!.series.at(-1)!.points[1]).toEqual({ x: 40, y: 3, low: 2.5, high: 3.5 });
  expect(widths!.series[0]!.points).toEqual([
    { x: 0, y: 1 },
    { x: 40, y: 0.5 },
  ]);
});

test('the distance to the goal, from the prior on', () => {
  const plane = {
    goal: [0, 1] as const,
    prior: [[0, 0] as const, [0, -2] as const],
    episodes: [{ path: [], led: [[0, 1] as const, [0, 0.5] as const] }],
  };
  const distances = lines({ episodes }, [], plane).at(-1)!;
  expect(distances.series[0]!.points).toEqual([
    { x: 0, y: 2, low: 1, high: 3 },
    { x: 1, y: 0.25, low: 0, high: 0.5 },
  ]);
  expect(lines({ episodes }, [], { ...plane, goal: undefined })).toHaveLength(1);
});
