import { Box, type Environment } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { stepMilliseconds, worthwhileWorkers } from './environment-workers.js';

describe('worthwhileWorkers', () => {
  it.each([
    ['a cheap step stays in this thread', 8, 2, 0.001, 0],
    ['a dear one goes to a thread per core', 8, 2, 0.5, 2],
    ['at most one thread for each environment', 3, 16, 0.5, 3],
    ['one core gains nothing', 8, 1, 5, 0],
    ['an uneven share can be too large', 3, 2, 0.05, 0],
  ])('%s', (_, envs, cores, milliseconds, workers) => {
    expect(worthwhileWorkers(envs, cores, milliseconds)).toBe(workers);
  });
});

it('measures what a step costs, over the ends of episodes', () => {
  const space = new Box({ low: [-1], high: [1] });
  let steps = 0;
  let running = false;
  const environment: Environment = {
    observationSpace: space,
    actionSpace: space,
    reset: () => {
      running = true;
      return { observation: Float32Array.of(0), info: {} };
    },
    step: () => {
      expect(running).toBe(true);
      steps += 1;
      const until = performance.now() + 0.3;
      while (performance.now() < until);
      running = steps % 3 !== 0;
      return {
        observation: Float32Array.of(0),
        reward: 0,
        terminated: !running,
        truncated: false,
        info: {},
      };
    },
    close: () => {},
  };
  expect(stepMilliseconds(environment)).toBeGreaterThanOrEqual(0.3);
  // Some milliseconds, not a fixed number of steps.
  expect(steps).toBeLessThan(60);
});
