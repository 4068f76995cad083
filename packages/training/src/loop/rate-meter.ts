const WINDOW_MILLISECONDS = 10_000;

/** Steps per second over about the last ten seconds, or another window, so that an estimate follows a change of pace. */
export class RateMeter {
  private readonly marks: { readonly at: number; readonly step: number }[] = [];

  constructor(private readonly windowMilliseconds = WINDOW_MILLISECONDS) {}

  /** Records that `step` steps were done at this moment and returns the recent rate. */
  mark(step: number, at = performance.now()): number {
    this.marks.push({ at, step });
    while (this.marks.length > 2 && at - this.marks[1]!.at >= this.windowMilliseconds) this.marks.shift();
    const first = this.marks[0]!;
    return at > first.at ? ((step - first.step) / (at - first.at)) * 1000 : 0;
  }

  /** Forgets the marks before this moment, because steps after it take a different time. */
  restart(step: number, at = performance.now()): void {
    this.marks.length = 0;
    this.marks.push({ at, step });
  }
}
