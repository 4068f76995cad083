import { expect, it } from 'vitest';
import { Forecast } from './forecast.js';

/** Tells a forecast of `steps` steps of each second, and returns what it says at the end. */
function after(forecast: Forecast, seconds: number, stepAt: (second: number) => number): number | undefined {
  let left: number | undefined;
  for (let second = 0; second <= seconds; second++)
    left = forecast.secondsLeft(stepAt(second), 1000 * second);
  return left;
}

it('knows nothing before two seconds of warm-up and two of learning', () => {
  const forecast = new Forecast({ steps: 1000, evaluation: { every: 250 } });
  expect(forecast.secondsLeft(0, 0)).toBeUndefined();
  forecast.learns(0);
  expect(after(forecast, 3, (second) => 10 * second)).toBeUndefined();
  expect(forecast.secondsLeft(40, 4000)).toBe(96);
});

it('takes the pace of learning, however fast the steps before were, and however slow the first updates', () => {
  const forecast = new Forecast({ steps: 1000, evaluation: { every: 2000 } });
  // 400 random steps at once, one step with an update in each of two seconds, then 10.
  forecast.learns(0);
  const left = after(forecast, 20, (second) => 400 + Math.min(2, second) + 10 * Math.max(0, second - 2));
  expect(left).toBeCloseTo((1000 - 582) / 10, 9);
});

it('adds the evaluations that are left, the last one too, as long as the ones so far', () => {
  const forecast = new Forecast({ steps: 1100, evaluation: { every: 250 } });
  forecast.learns(0);
  forecast.evaluated(4000);
  forecast.evaluated(6000);
  // 600 steps at 100 per second, and evaluations at 750, 1,000 and 1,100.
  expect(after(forecast, 5, (second) => 100 * second)).toBe(6 + 3 * 5);
  expect(forecast.secondsLeft(1100, 11_000)).toBe(0);
});

it('follows a change of pace after a minute', () => {
  const forecast = new Forecast({ steps: 100_000, evaluation: { every: 100_000 } });
  forecast.learns(0);
  const left = after(forecast, 81, (second) => 1000 * Math.min(10, second) + 100 * Math.max(0, second - 10));
  expect(left).toBe((100_000 - 17_100) / 100);
});
