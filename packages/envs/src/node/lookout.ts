/** How many times to look at the word before looking at the clock, which takes longer. */
const LOOKS = 50;

/**
 * Waits for another thread to change a word of shared memory. Waking a sleeping thread takes tens of microseconds, as
 * long as a step of HalfCheetah, so a lookout looks at the word for a moment before it sleeps. If the last wait took
 * longer than that moment, the next one probably will too, as when gradient steps come in between. Then it sleeps at
 * once, because looking would only take a core away from them.
 */
export class Lookout {
  private soon: boolean;

  /** `moment` is how long to look, in milliseconds; 0 to sleep at once. */
  constructor(private readonly moment: number) {
    this.soon = moment > 0;
  }

  /** Returns true once `isOver` holds for the word, or false if that takes longer than `milliseconds`. */
  wait(
    words: Int32Array,
    index: number,
    isOver: (word: number) => boolean,
    milliseconds = Number.POSITIVE_INFINITY,
  ): boolean {
    const start = performance.now();
    if (this.soon) this.look(words, index, isOver, start + this.moment);
    // A wake-up alone proves nothing: it may be a late one for the wait before.
    for (let word = Atomics.load(words, index); !isOver(word); word = Atomics.load(words, index)) {
      if (Atomics.wait(words, index, word, milliseconds) !== 'timed-out') continue;
      this.soon = false;
      return false;
    }
    this.soon = performance.now() - start < this.moment;
    return true;
  }

  private look(words: Int32Array, index: number, isOver: (word: number) => boolean, end: number): void {
    do {
      for (let looks = 0; looks < LOOKS; looks++) if (isOver(Atomics.load(words, index))) return;
    } while (performance.now() < end);
  }
}
