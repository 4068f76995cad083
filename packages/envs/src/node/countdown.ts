import type { Lookout } from './lookout.js';

/**
 * Counts the workers that have yet to answer, in memory that all of them share. Only the last one wakes the main thread
 * up: if workers occupy all cores, each wake-up takes time from one of them.
 */
export class Countdown {
  readonly buffer: SharedArrayBuffer;
  private readonly left: Int32Array;

  /** With `buffer`, attaches to the countdown that another thread made. */
  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.left = new Int32Array(this.buffer);
  }

  start(count: number): void {
    Atomics.store(this.left, 0, count);
  }

  countDown(): void {
    if (Atomics.sub(this.left, 0, 1) === 1) Atomics.notify(this.left, 0);
  }

  /** Waits until all have answered. Returns false if that takes longer than `milliseconds`. */
  wait(lookout: Lookout, milliseconds: number): boolean {
    return lookout.wait(this.left, 0, isNone, milliseconds);
  }
}

const isNone = (left: number) => left === 0;
