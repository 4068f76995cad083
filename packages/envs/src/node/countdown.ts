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

  /** Sleeps until all have answered. Returns false if that took longer than `milliseconds`. */
  sleep(milliseconds: number): boolean {
    // A wake-up alone proves nothing: it may be a late one for the previous answers.
    for (;;) {
      const left = Atomics.load(this.left, 0);
      if (left === 0) return true;
      if (Atomics.wait(this.left, 0, left, milliseconds) === 'timed-out') return false;
    }
  }
}
