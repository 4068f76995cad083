import { chain, frozenLake, lottery } from '@maxent/envs';
import { discountedOccupancy, inferControl, solveTabular } from '@maxent/pgm';
import { expect, test } from 'vitest';
import { statePath } from './state-path.js';

test('under the true dynamics, its discounted mean is the discounted occupancy', () => {
  const mdp = frozenLake({});
  const options = { inference: 'variational', discount: 0.7, temperature: 0.1 } as const;
  const solution = solveTabular(mdp, options);
  const path = statePath(mdp, solution, options)!;
  const occupancy = discountedOccupancy(mdp, solution, options)!;
  const mean = new Float64Array(mdp.stateCount);
  path.forEach((p, i) => {
    mean[i % mdp.stateCount]! += 0.3 * 0.7 ** Math.floor(i / mdp.stateCount) * p;
  });
  // After the last step followed, nothing moves any more to four digits.
  const steps = path.length / mdp.stateCount;
  path.subarray(-mdp.stateCount).forEach((p, state) => {
    mean[state]! += 0.7 ** steps * p;
  });
  mean.forEach((p, state) => {
    expect(p).toBeCloseTo(occupancy[state]!, 6);
  });
});

test.each([lottery(), chain()])(
  'for exact, it is the posterior path of a horizon that is long enough',
  (mdp) => {
    const options = { inference: 'exact', actionPrior: 'uniform' } as const;
    const path = statePath(mdp, solveTabular(mdp, options), options)!;
    const { stateMarginals } = inferControl(mdp, { ...options, horizon: 40 });
    path.forEach((p, i) => {
      expect(p).toBeCloseTo(stateMarginals![i]!, 9);
    });
  },
);

test('episodes of exact that end by the discount have no path', () => {
  const mdp = lottery();
  const options = { inference: 'exact', discount: 0.9, discountAs: 'termination' } as const;
  expect(statePath(mdp, solveTabular(mdp, options), options)).toBeUndefined();
});
