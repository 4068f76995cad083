/** How many times to look at the word before looking at the clock, which takes longer. */
const LOOKS = 50;

/** After looks in vain, at most this many waits in a row sleep at once. */
const LONGEST_REST = 64;

/**
 * Waits for another thread to change a word of shared memory. Waking a thread that sleeps takes tens of microseconds,
 * which is as long as a step of HalfCheetah, so a lookout looks at the word for a moment before it sleeps. If a wait took
 * longer than that moment, the next one will too, as when gradient steps come in between; then it sleeps at once, because
 * looking would only take a core away from them. The same goes for a machine that other programs keep busy: the other
 * thread may be waiting for the very core that the lookout holds. So looks in vain become rarer and rarer.
 */
export class Lookout {
  /** How many waits will sleep at once. */
  private rest = 0;
  /** How many will after the next look in vain. */
  private nextRest = 1;

  /** `moment` is how long to look, in milliseconds; 0 to sleep at once. */
  constructor(private readonly moment: number) {}

  /** Returns once `isOver` is true of the word, or false if that takes longer than `milliseconds`. */
  wait(
    words: Int32Array,
    index: number,
    isOver: (word: number) => boolean,
    milliseconds = Number.POSITIVE_INFINITY,
  ): boolean {
    const start = performance.now();
    if (this.rest > 0) {
      this.rest--;
    } else if (this.moment > 0 && this.look(words, index, isOver, start + this.moment)) {
      this.nextRest = 1;
      return true;
    } else {
      this.rest = this.nextRest;
      this.nextRest = Math.min(2 * this.nextRest, LONGEST_REST);
    }
    // A wake-up alone proves nothing: it may be a late one for the wait before.
    let over = true;
    for (let word = Atomics.load(words, index); over && !isOver(word); word = Atomics.load(words, index)) {
      over = Atomics.wait(words, index, word, milliseconds) !== 'timed-out';
    }
    if (performance.now() - start >= this.moment) this.rest = Math.max(this.rest, 1);
    return over;
  }

  private look(words: Int32Array, index: number, isOver: (word: number) => boolean, end: number): boolean {
    do {
      for (let looks = 0; looks < LOOKS; looks++) if (isOver(Atomics.load(words, index))) return true;
    } while (performance.now() < end);
    return false;
  }
}
