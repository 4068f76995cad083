import { expect, it } from 'vitest';
import { Forecast } from './forecast.js';

const schedule = { steps: 1000, evaluation: { every: 250 } };

it('knows nothing before two seconds of learning', () => {
  const forecast = new Forecast(schedule);
  expect(forecast.secondsLeft(100, 5000)).toBeUndefined();
  forecast.learns(100, 6000);
  expect(forecast.secondsLeft(110, 7000)).toBeUndefined();
  expect(forecast.secondsLeft(120, 8000)).toBe(88);
});

it('takes the pace of learning, however fast the steps before it were', () => {
  const forecast = new Forecast({ steps: 1000, evaluation: { every: 2000 } });
  // 400 random steps in a tenth of a second, then 10 steps per second.
  forecast.learns(400, 100);
  for (let second = 1; second <= 20; second++) forecast.secondsLeft(400 + 10 * second, 100 + 1000 * second);
  expect(forecast.secondsLeft(610, 21_100)).toBe(39);
});

it('adds the evaluations that are left, the last one too, as long as the ones so far', () => {
  const forecast = new Forecast({ steps: 1100, evaluation: { every: 250 } });
  forecast.learns(0, 0);
  forecast.evaluated(4000);
  forecast.evaluated(6000);
  // 600 steps at 100 per second, and evaluations at 750, 1,000 and 1,100.
  expect(forecast.secondsLeft(500, 5000)).toBe(6 + 3 * 5);
  expect(forecast.secondsLeft(1100, 11_000)).toBe(0);
});

it('follows a change of pace after a minute', () => {
  const forecast = new Forecast({ steps: 100_000, evaluation: { every: 100_000 } });
  forecast.learns(0, 0);
  forecast.secondsLeft(10_000, 10_000);
  for (let second = 11; second <= 80; second++) {
    forecast.secondsLeft(10_000 + 100 * (second - 10), 1000 * second);
  }
  expect(forecast.secondsLeft(17_100, 81_000)).toBe((100_000 - 17_100) / 100);
});
