/**
 * How many workers have yet to answer, in memory that all of them share. Only the last one wakes the main thread up:
 * where workers take up all cores, each time it wakes up costs one of them time.
 */
export class Countdown {
  readonly buffer: SharedArrayBuffer;
  private readonly left: Int32Array;

  /** With `buffer`, the countdown that another thread made. */
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

  /** Sleeps until all have answered. False when that took longer. */
  sleep(milliseconds: number): boolean {
    // A wake-up says nothing by itself: the call that announced the last answer may come late.
    for (;;) {
      const left = Atomics.load(this.left, 0);
      if (left === 0) return true;
      if (Atomics.wait(this.left, 0, left, milliseconds) === 'timed-out') return false;
    }
  }
}
