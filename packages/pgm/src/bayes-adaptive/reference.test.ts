import { miniNavi, noisyLine } from '@maxent/envs';
import { describe, expect, it } from 'vitest';
import { solveTabular } from '../control/solve-tabular.js';
import { type BayesAdaptiveOptions, bayesAdaptiveMdp } from './bayes-adaptive-mdp.js';
import { knownTaskValue } from './known-task-value.js';
import { posteriorSamplingValue } from './posterior-sampling.js';
import type { TaskPrior } from './task-prior.js';

const optimal = (family: TaskPrior, options: BayesAdaptiveOptions): number =>
  solveTabular(bayesAdaptiveMdp(family, options), { inference: 'hard' }).startValue;

const soft = (family: TaskPrior, temperature: number, options: BayesAdaptiveOptions): number =>
  solveTabular(bayesAdaptiveMdp(family, options), { inference: 'variational', temperature }).startValue;

/** Half a unit of the last of six digits behind the point; one of the numbers, 6.8117635, was rounded by as much. */
const SIX_DIGITS = 5e-7 + 1e-12;
const near = (actual: number, expected: number, error: number) =>
  expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(error);

describe('MiniNavi', () => {
  it.each([
    [1, 27 / 10, 57 / 125, 201 / 50],
    [2, 168 / 25, 1193 / 500, 8.04],
    [3, 537 / 50, 83 / 15, 12.06],
    [4, 369 / 25, 5633 / 600, 16.08],
  ])('in %d episodes of 6 steps', (episodes, best, sampling, known) => {
    const horizon = { episodes, steps: 6 };
    near(optimal(miniNavi(), horizon), best, 1e-12);
    near(posteriorSamplingValue(miniNavi(), horizon), sampling, 1e-12);
    near(knownTaskValue(miniNavi(), horizon), known, 1e-12);
  });

  it.each([
    [0.01, 2.72566, 6.783928],
    [0.1, 2.956615, 7.359302],
    [1, 9.47191, 19.132866],
  ])('in entropy form at temperature %d', (temperature, one, two) => {
    near(soft(miniNavi(), temperature, { steps: 6 }), one, SIX_DIGITS);
    near(soft(miniNavi(), temperature, { episodes: 2, steps: 6 }), two, SIX_DIGITS);
  });

  it('reaches as many hyper-states as a count of cells and of goals that are left', () => {
    const { stepOffsets } = bayesAdaptiveMdp(miniNavi(), { steps: 8 });
    const counts = Array.from({ length: 8 }, (_, t) => stepOffsets[t + 1]! - stepOffsets[t]!);
    expect(counts).toEqual([1, 3, 8, 20, 47, 81, 119, 153]);
  });

  it('on 5 by 5 cells, with hundreds of thousands of hyper-states', () => {
    const family = miniNavi({ size: 5 });
    near(optimal(family, { steps: 15 }), 4, 1e-12);
    near(knownTaskValue(family, { steps: 15 }), 11.071429, SIX_DIGITS);
  }, 120_000);
});

describe('two Bernoulli arms, uniform priors', () => {
  const arms = {
    arms: [
      { alpha: 1, beta: 1 },
      { alpha: 1, beta: 1 },
    ],
  };

  it.each([
    [1, 1 / 2, 0.5],
    [2, 13 / 12, 1.027778],
    [3, 5 / 3, 1.576389],
    [4, 41 / 18, 2.140486],
    [5, 26 / 9, 2.71638],
    [6, 421 / 120, 3.301515],
    [8, 4.759524, 4.49273],
    [10, 6.021786, 5.704544],
  ])('in %d pulls', (pulls, best, thompson) => {
    near(optimal(arms, { steps: pulls }), best, SIX_DIGITS);
    near(posteriorSamplingValue(arms, { episodes: pulls, steps: 1 }), thompson, SIX_DIGITS);
    near(knownTaskValue(arms, { steps: pulls }), (2 * pulls) / 3, 1e-12);
  });

  it.each([
    [1, 0.569315, 1.193147],
    [2, 1.169949, 2.389763],
    [3, 1.785713, 3.588964],
    [4, 2.411761, undefined],
    [5, 3.044935, 5.992841],
    [6, 3.683478, undefined],
    [8, 4.972304, undefined],
    [10, 6.272385, 12.02077],
  ])('in %d pulls in entropy form', (pulls, cold, warm) => {
    near(soft(arms, 0.1, { steps: pulls }), cold, SIX_DIGITS);
    if (warm !== undefined) near(soft(arms, 1, { steps: pulls }), warm, SIX_DIGITS);
  });
});

describe('the noisy line', () => {
  it.each([
    [4, 1.45, 1.87, 1.678508, 2.5],
    [6, 2.385, 3.05, 2.747377, 4.1],
    [8, 3.775, 4.4722, 4.156057, 5.7],
    [10, 5.26566, 5.983076, 5.763672, 7.3],
    [12, 6.811764, 7.516961, 7.43482, 8.9],
  ])('in %d steps', (steps, even, uneven, softened, known) => {
    near(optimal(noisyLine(), { steps }), even, SIX_DIGITS);
    near(optimal(noisyLine({ leftProbability: 0.7 }), { steps }), uneven, SIX_DIGITS);
    near(soft(noisyLine(), 0.1, { steps }), softened, SIX_DIGITS);
    near(knownTaskValue(noisyLine(), { steps }), known, 1e-12);
  });

  it('without noise', () => {
    const line = noisyLine({ goalProbability: 1, otherProbability: 0 });
    near(optimal(line, { steps: 8 }), 5, 1e-12);
    near(knownTaskValue(line, { steps: 8 }), 7, 1e-12);
    near(soft(line, 0.1, { steps: 8 }), 5.346589, SIX_DIGITS);
    near(soft(line, 1, { steps: 8 }), 10.754694, SIX_DIGITS);
  });
});
