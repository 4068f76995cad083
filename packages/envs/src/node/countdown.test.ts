import { describe, expect, it } from 'vitest';
import { Countdown } from './countdown.js';

describe('Countdown', () => {
  it('is over when every worker has counted down, not before', () => {
    const here = new Countdown();
    const there = new Countdown(here.buffer);
    here.start(2);
    expect(here.sleep(0)).toBe(false);
    there.countDown();
    expect(here.sleep(0)).toBe(false);
    there.countDown();
    expect(here.sleep(0)).toBe(true);
  });

  it('sleeps no longer than it is told to', () => {
    const countdown = new Countdown();
    countdown.start(1);
    const start = performance.now();
    expect(countdown.sleep(20)).toBe(false);
    expect(performance.now() - start).toBeGreaterThan(15);
  });
});
