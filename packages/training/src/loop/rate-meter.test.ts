import { expect, it } from 'vitest';
import { RateMeter } from './rate-meter.js';

it('gives the rate of the last ten seconds', () => {
  const meter = new RateMeter();
  expect(meter.mark(0, 0)).toBe(0);
  expect(meter.mark(1000, 1000)).toBe(1000);
  for (let second = 2; second <= 60; second++) meter.mark(1000 + 10 * (second - 1), 1000 * second);
  expect(meter.mark(1600, 61_000)).toBe(10);
});

it('gives the rate since it was restarted', () => {
  const meter = new RateMeter();
  meter.mark(0, 0);
  meter.mark(1000, 1000);
  meter.restart(1000, 1000);
  expect(meter.mark(1005, 1500)).toBe(10);
});
