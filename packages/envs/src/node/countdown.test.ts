import { describe, expect, it } from 'vitest';
import { Countdown } from './countdown.js';
import { Lookout } from './lookout.js';

const lookout = new Lookout(0.1);

describe('Countdown', () => {
  it('is over when every worker has counted down, not before', () => {
    const here = new Countdown();
    const there = new Countdown(here.buffer);
    here.start(2);
    expect(here.wait(lookout, 0)).toBe(false);
    there.countDown();
    expect(here.wait(lookout, 0)).toBe(false);
    there.countDown();
    expect(here.wait(lookout, 0)).toBe(true);
  });

  it('waits no longer than it is told to', () => {
    const countdown = new Countdown();
    countdown.start(1);
    const start = performance.now();
    expect(countdown.wait(lookout, 20)).toBe(false);
    expect(performance.now() - start).toBeGreaterThan(15);
  });
});
