import { Rng, validateTabularMdp } from '@maxent/core';
import { expect, it } from 'vitest';
import { randomMdp } from './random-mdp.js';

const sizes = { stateCount: 6, actionCount: 3 };

it('is a process of its sizes, the same for the same stream', () => {
  const mdp = validateTabularMdp(randomMdp(Rng.fromSeed(1), sizes));
  expect(mdp).toEqual(validateTabularMdp(randomMdp(Rng.fromSeed(1), sizes)));
  expect([...mdp.initial]).toEqual(new Array(6).fill(1 / 6));
  expect(mdp.terminal.some(Boolean)).toBe(false);
  expect(mdp.reward.every((reward) => Math.abs(reward) <= 1)).toBe(true);
});

it('draws successors uniformly from the simplex', () => {
  const { transition } = randomMdp(Rng.fromSeed(2), { stateCount: 5, actionCount: 4000 });
  const { values } = transition;
  // Dirichlet(1, ..., 1) over n states: mean 1 / n, variance (n - 1) / (n^2 (n + 1)).
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - 0.2) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0.2, 10);
  expect(Math.abs(variance / (4 / 150) - 1)).toBeLessThan(0.03);
});

it('may end, seldom and never at once', () => {
  const { terminal, initial, transition } = randomMdp(Rng.fromSeed(3), {
    ...sizes,
    actionCount: 500,
    ending: true,
  });
  expect([...terminal!]).toEqual([0, 0, 0, 0, 0, 1]);
  expect([...initial]).toEqual([0.2, 0.2, 0.2, 0.2, 0.2, 0]);
  const toTheEnd = transition.values.reduce(
    (sum, value, i) => (transition.columns[i] === 5 ? sum + value : sum),
    0,
  );
  // About a tenth of an equal share.
  expect(toTheEnd / 3000).toBeGreaterThan(0.01);
  expect(toTheEnd / 3000).toBeLessThan(0.04);
});
