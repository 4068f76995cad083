import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Lookout } from './lookout.js';

/** A word that another thread sets to `value` after some milliseconds. */
function wordSetAfter(milliseconds: number, value: number): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const program = `
    const { words, milliseconds, value } = require('node:worker_threads').workerData;
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
    Atomics.store(words, 0, value);
    Atomics.notify(words, 0);`;
  new Worker(program, { eval: true, workerData: { words, milliseconds, value } });
  Atomics.wait(words, 1, 0);
  return words;
}

const isSet = (word: number) => word === 5;

/** A clock that goes on by `step` ms whenever it is read: the real one leaps when another program takes the core. */
function clockInSteps(step: number) {
  const clock = { step };
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += clock.step;
    return now;
  });
  return clock;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('Lookout', () => {
  it.each([0, 0.2, 1000])('returns when the word is as it should be, looking for %f ms', (moment) => {
    const words = wordSetAfter(5, 5);
    expect(new Lookout(moment).wait(words, 0, isSet)).toBe(true);
    expect(words[0]).toBe(5);
  });

  it.each([0, 0.2])('gives up in time, looking for %f ms', (moment) => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const lookout = new Lookout(moment);
    const start = performance.now();
    expect(lookout.wait(words, 0, isSet, 20)).toBe(false);
    expect(performance.now() - start).toBeGreaterThan(15);
    Atomics.store(words, 0, 5);
    expect(lookout.wait(words, 0, isSet, 20)).toBe(true);
  });

  it('does not look again after a long wait, until one was short', () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const lookout = new Lookout(30);
    const clock = clockInSteps(40);
    const countLooks = () => {
      let looks = 0;
      lookout.wait(words, 0, (word) => isSet(word) || ++looks < 0, 2);
      return looks;
    };
    expect(countLooks()).toBeGreaterThan(20);
    expect(countLooks()).toBeLessThan(5);
    clock.step = 1;
    Atomics.store(words, 0, 5);
    expect(countLooks()).toBe(0);
    Atomics.store(words, 0, 0);
    expect(countLooks()).toBeGreaterThan(20);
  });

  it('looks more and more rarely while it looks in vain, until it does not', () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const lookout = new Lookout(10);
    clockInSteps(4);
    const didLook = () => {
      let looks = 0;
      lookout.wait(words, 0, (word) => isSet(word) || ++looks < 0, 2);
      return looks > 5;
    };
    const T = true;
    const F = false;
    expect(Array.from({ length: 11 }, didLook)).toEqual([T, F, T, F, F, T, F, F, F, F, T]);
    Atomics.store(words, 0, 5);
    for (let i = 0; i < 9; i++) didLook();
    Atomics.store(words, 0, 0);
    expect(Array.from({ length: 3 }, didLook)).toEqual([T, F, T]);
  });

  it('never looks if it has no moment to', () => {
    let looks = 0;
    const words = new Int32Array(new SharedArrayBuffer(4));
    expect(new Lookout(0).wait(words, 0, () => ++looks < 0, 1)).toBe(false);
    expect(looks).toBe(1);
  });
});
