import { expect, it } from 'vitest';
import type { Transition } from './agent.js';
import { requireOutcome } from './require-outcome.js';

const good: Transition = {
  observation: 0,
  action: 0,
  nextObservation: 0,
  reward: -1,
  terminated: false,
  truncated: true,
};

it.each([
  good,
  { ...good, duration: 3 },
  { ...good, reward: 0 },
  { ...good, environment: 0 },
  { ...good, environment: 7 },
])('takes %o', (transition) => {
  expect(() => requireOutcome(transition)).not.toThrow();
});

it.each([
  [{ reward: '1' }, 'observe: reward: expected a finite number, got "1"'],
  [{ reward: undefined }, 'observe: reward: expected a finite number, got undefined'],
  [{ reward: Number.NaN }, 'got NaN'],
  [{ reward: [1] }, 'got [1]'],
  [{ reward: Number.NEGATIVE_INFINITY }, 'got -Infinity'],
  [{ reward: -1e39 }, 'observe: reward: -1e+39 is too large for float32, in which rewards are kept; scale'],
  [
    { terminated: undefined },
    'observe: terminated: expected true or false, got undefined; a transition says separately',
  ],
  [{ truncated: 0 }, 'observe: truncated: expected true or false, got 0'],
  [{ duration: 0 }, 'observe: duration: expected a positive integer, or nothing for 1, got 0'],
  [{ duration: 1.5 }, 'got 1.5'],
  [
    { environment: -1 },
    'observe: environment: expected the index of an environment, an integer from 0, or nothing for 0, got -1',
  ],
  [{ environment: 0.5 }, 'observe: environment: expected the index'],
  [{ environment: '0' }, 'got "0"'],
])('refuses %o', (change, problem) => {
  expect(() => requireOutcome({ ...good, ...(change as object) })).toThrow(problem);
});

it('leaves rewards beyond float32 to learners of float64', () => {
  expect(() => requireOutcome({ ...good, reward: 1e300 }, { precision: 'float64' })).not.toThrow();
});

it('names the step of a reward, where it is known', () => {
  expect(() => requireOutcome({ ...good, reward: 1e39 }, { step: 12 })).toThrow(
    'observe: reward: 1e+39 at step 12 is too large for float32',
  );
  expect(() => requireOutcome({ ...good, reward: Number.NaN }, { step: 3 })).toThrow(
    'observe: reward: expected a finite number at step 3, got NaN',
  );
});
