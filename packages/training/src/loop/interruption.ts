/** How long an interruption waits for the end of an episode if a run cannot resume from within one. */
const PATIENCE_MILLISECONDS = 2000;

/** Tells a loop whether it was asked to stop, and whether the time to stop at a convenient place has run out. */
export class Interruption {
  private requestedAt: number | undefined;

  constructor(private readonly signal: AbortSignal | undefined) {}

  get requested(): boolean {
    return this.signal?.aborted === true;
  }

  /** Whether the request was first seen here more than two seconds ago. */
  get overdue(): boolean {
    if (!this.requested) return false;
    this.requestedAt ??= performance.now();
    return performance.now() - this.requestedAt >= PATIENCE_MILLISECONDS;
  }

  /** Runs `work` with a signal that repeats the interruption two seconds later. */
  async patiently<T>(work: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    const { signal } = this;
    if (signal === undefined) return work(undefined);
    const later = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const startWaiting = () => {
      this.requestedAt ??= performance.now();
      const left = PATIENCE_MILLISECONDS - (performance.now() - this.requestedAt);
      timer = setTimeout(() => later.abort(signal.reason), Math.max(0, left));
    };
    if (signal.aborted) startWaiting();
    else signal.addEventListener('abort', startWaiting, { once: true });
    try {
      return await work(later.signal);
    } finally {
      signal.removeEventListener('abort', startWaiting);
      clearTimeout(timer);
    }
  }
}
