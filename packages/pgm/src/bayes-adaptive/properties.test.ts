import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveTabular } from '../control/solve-tabular.js';
import { bayesAdaptiveMdp } from './bayes-adaptive-mdp.js';
import { knownTaskValue } from './known-task-value.js';
import { posteriorSamplingValue } from './posterior-sampling.js';
import { valueOfHistories } from './test-support/histories.js';
import { randomTasks } from './test-support/random-tasks.js';

const horizon = fc.constantFrom(
  { episodes: 1, steps: 3 },
  { episodes: 2, steps: 2 },
  { episodes: 3, steps: 1 },
);

describe('an unknown task', () => {
  it('is worth what going through all histories gives, hard and soft', () => {
    fc.assert(
      fc.property(randomTasks, horizon, fc.constantFrom(0, 0.1, 2), (tasks, options, temperature) => {
        const inference = temperature === 0 ? 'hard' : 'variational';
        const process = bayesAdaptiveMdp(tasks, options);
        const { startValue } = solveTabular(process, { inference, ...(temperature > 0 && { temperature }) });
        expect(startValue).toBeCloseTo(valueOfHistories(tasks, options, temperature), 10);
      }),
      { numRuns: 150 },
    );
  });

  it('is worth no less than posterior sampling and no more than a known task', () => {
    fc.assert(
      fc.property(randomTasks, horizon, (tasks, options) => {
        const best = solveTabular(bayesAdaptiveMdp(tasks, options), { inference: 'hard' }).startValue;
        expect(posteriorSamplingValue(tasks, options)).toBeLessThanOrEqual(best + 1e-12);
        expect(best).toBeLessThanOrEqual(knownTaskValue(tasks, options) + 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('is so for arms with any Beta priors too', () => {
    const arm = fc.record({
      alpha: fc.double({ min: 0.2, max: 5, noNaN: true }),
      beta: fc.constantFrom(0.5, 1, 3),
    });
    fc.assert(
      fc.property(
        fc.array(arm, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (arms, pulls) => {
          const best = solveTabular(bayesAdaptiveMdp({ arms }, { steps: pulls }), {
            inference: 'hard',
          }).startValue;
          const thompson = posteriorSamplingValue({ arms }, { episodes: pulls, steps: 1 });
          expect(thompson).toBeLessThanOrEqual(best + 1e-10);
          expect(best).toBeLessThanOrEqual(knownTaskValue({ arms }, { steps: pulls }) + 1e-10);
          // Whoever holds the arm of the first draw learns nothing from the rest.
          const held = posteriorSamplingValue({ arms }, { steps: pulls });
          const first = posteriorSamplingValue({ arms }, { steps: 1 });
          expect(held).toBeCloseTo(pulls * first, 10);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that is the only one is known', () => {
    fc.assert(
      fc.property(randomTasks, horizon, ({ tasks }, options) => {
        const alone = { tasks: tasks.slice(0, 1) };
        const known = knownTaskValue(alone, options);
        expect(solveTabular(bayesAdaptiveMdp(alone, options), { inference: 'hard' }).startValue).toBeCloseTo(
          known,
          10,
        );
        expect(posteriorSamplingValue(alone, options)).toBeCloseTo(known, 10);
      }),
      { numRuns: 100 },
    );
  });
});
